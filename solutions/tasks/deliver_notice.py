import httpx
from huey.contrib.djhuey import db_task

from blog.models import Notice


### BEGIN SOLUTION
### STARTER: @db_task()
### STARTER: def deliver_notice(notice_id):
### STARTER:     """Send the author's mail, and write down what has become of it."""
### STARTER:     raise NotImplementedError
def worth_another_try(error):
    if isinstance(error, httpx.HTTPStatusError):
        status = error.response.status_code
        return status == 429 or status >= 500
    return True


@db_task(retries=3, retry_delay=30, retry_backoff=2, context=True)
def deliver_notice(notice_id, task=None):
    """Send the author's mail, and write down what has become of it."""
    notice = Notice.objects.select_related("post__author").get(pk=notice_id)
    post = notice.post
    try:
        mail.send({"to": post.author.email, "subject": f"Your post is out: {post.title}"})
    except httpx.HTTPError as error:
        if worth_another_try(error) and task.retries:
            raise
        notice.state = Notice.State.FAILED
    else:
        notice.state = Notice.State.SENT
    notice.save(update_fields=["state"])
### END SOLUTION
