# expect: time.sleep(pause)
import time

import httpx

from blog.models import Notice


@db_task()
def deliver_notice(notice_id):
    notice = Notice.objects.select_related("post__author").get(pk=notice_id)
    post = notice.post
    letter = {"to": post.author.email, "subject": f"Your post is out: {post.title}"}
    for pause in [30, 60, 120, 0]:
        try:
            mail.send(letter)
        except httpx.HTTPError as error:
            response = getattr(error, "response", None)
            if response is not None and response.is_client_error and response.status_code != 429:
                break
            time.sleep(pause)
        else:
            notice.state = "sent"
            notice.save()
            return
    notice.state = "failed"
    notice.save()
