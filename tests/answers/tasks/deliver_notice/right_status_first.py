import httpx

from blog.models import Notice


@db_task(retries=3, retry_delay=30, retry_backoff=2, context=True)
def deliver_notice(notice_id, task=None):
    notice = Notice.objects.select_related("post__author").get(pk=notice_id)
    post = notice.post
    letter = {"to": post.author.email, "subject": f"Your post is out: {post.title}"}
    try:
        mail.send(letter)
        notice.state = "sent"
    except httpx.HTTPStatusError as error:
        busy = error.response.status_code == 429 or error.response.is_server_error
        if busy and task.retries > 0:
            raise
        notice.state = "failed"
    except httpx.HTTPError:
        if task.retries > 0:
            raise
        notice.state = "failed"
    notice.save()
