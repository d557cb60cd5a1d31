# expect: It may hold next time.
import httpx

from blog.models import Notice


@db_task(retries=3, retry_delay=30, retry_backoff=2, context=True)
def deliver_notice(notice_id, task=None):
    notice = Notice.objects.select_related("post__author").get(pk=notice_id)
    post = notice.post
    letter = {"to": post.author.email, "subject": f"Your post is out: {post.title}"}
    try:
        mail.send(letter)
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        if (status == 429 or status >= 500) and task.retries:
            raise
        notice.state = "failed"
    except httpx.TransportError:
        notice.state = "failed"
    else:
        notice.state = "sent"
    notice.save()
