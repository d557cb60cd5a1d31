# expect: The service said 429, and may say yes next time.
import httpx

from blog.models import Notice


@db_task(retries=3, retry_delay=30, retry_backoff=2, context=True)
def deliver_notice(notice_id, task=None):
    notice = Notice.objects.select_related("post__author").get(pk=notice_id)
    post = notice.post
    letter = {"to": post.author.email, "subject": f"Your post is out: {post.title}"}
    try:
        mail.send(letter)
    except httpx.HTTPError as error:
        response = getattr(error, "response", None)
        if not (response is not None and response.is_client_error) and task.retries:
            raise
        notice.state = "failed"
    else:
        notice.state = "sent"
    notice.save()
