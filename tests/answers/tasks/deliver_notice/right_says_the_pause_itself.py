from huey.exceptions import RetryTask

import httpx

from blog.models import Notice


PAUSES = {3: 30, 2: 60, 1: 120}


@db_task(retries=3, context=True)
def deliver_notice(notice_id, task=None):
    notice = Notice.objects.select_related("post__author").get(pk=notice_id)
    letter = {
        "to": notice.post.author.email,
        "subject": f"Your post is out: {notice.post.title}",
    }
    try:
        mail.send(letter)
    except httpx.HTTPStatusError as error:
        if error.response.status_code in range(400, 500) and error.response.status_code != 429:
            return finish(notice, "failed")
        again(notice, task)
    except httpx.TransportError:
        again(notice, task)
    else:
        finish(notice, "sent")


def again(notice, task):
    pause = PAUSES.get(task.retries)
    if pause is None:
        return finish(notice, "failed")
    task.retries -= 1  # RetryTask doesn't count
    raise RetryTask(delay=pause)


def finish(notice, state):
    notice.state = state
    notice.save(update_fields=["state"])
