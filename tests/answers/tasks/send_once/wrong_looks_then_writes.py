# expect: They all had read the row before the first of them wrote it.
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone


@db_task()
def send_once(notice_id):
    notice = Notice.objects.select_related("post__author").get(pk=notice_id)
    now = timezone.now()
    held = notice.claimed_at and notice.claimed_at > now - timedelta(minutes=10)
    if notice.state != "waiting" or held:
        return
    notice.claimed_at = now
    notice.save()
    post = notice.post
    try:
        mail.send({"to": post.author.email, "subject": f"Your post is out: {post.title}"})
    except Exception:
        notice.claimed_at = None
        notice.save()
        raise
    notice.state = "sent"
    notice.save()
