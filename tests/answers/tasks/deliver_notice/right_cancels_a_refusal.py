from huey.exceptions import CancelExecution

import httpx

from blog.models import Notice


@db_task(retries=3, retry_delay=30, retry_backoff=2, context=True)
def deliver_notice(notice_id, task=None):
    notice = Notice.objects.select_related("post__author").get(pk=notice_id)
    post = notice.post
    letter = {"to": post.author.email, "subject": f"Your post is out: {post.title}"}
    def is_now(state):
        Notice.objects.filter(pk=notice_id).update(state=state)

    try:
        mail.send(letter)
    except httpx.HTTPError as error:
        status = getattr(getattr(error, "response", None), "status_code", 503)
        final = 400 <= status < 500 and status != 429
        if final or not task.retries:
            is_now(Notice.State.FAILED)
        if final:
            raise CancelExecution(retry=False)
        raise
    is_now(Notice.State.SENT)
