# expect: The last try has failed, and nobody will know of it.
import httpx

from blog.models import Notice


@db_task(retries=3, retry_delay=30, retry_backoff=2)
def deliver_notice(notice_id):
    notice = Notice.objects.select_related("post__author").get(pk=notice_id)
    post = notice.post
    letter = {"to": post.author.email, "subject": f"Your post is out: {post.title}"}
    try:
        mail.send(letter)
    except httpx.HTTPStatusError as error:
        if error.response.status_code == 429 or error.response.status_code >= 500:
            raise
        notice.state = "failed"
    else:
        notice.state = "sent"
    notice.save()
