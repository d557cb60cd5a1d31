import httpx

from blog.models import Notice


PAUSES = [30, 60, 120]


@db_task()
def deliver_notice(notice_id, tries=0):
    notice = Notice.objects.select_related("post__author").get(pk=notice_id)
    post = notice.post
    try:
        mail.send({"to": post.author.email, "subject": f"Your post is out: {post.title}"})
    except httpx.HTTPError as error:
        response = getattr(error, "response", None)
        refused = response is not None and response.is_client_error and response.status_code != 429
        if not refused and tries < len(PAUSES):
            deliver_notice.schedule((notice_id, tries + 1), delay=PAUSES[tries])
            return
        notice.state = Notice.State.FAILED
    else:
        notice.state = Notice.State.SENT
    notice.save(update_fields=["state"])
