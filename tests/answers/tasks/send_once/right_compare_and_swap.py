from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone


@db_task()
def send_once(notice_id):
    notice = Notice.objects.select_related("post__author").get(pk=notice_id)
    seen, now = notice.claimed_at, timezone.now()
    if notice.state != "waiting" or (seen and seen > now - timedelta(minutes=10)):
        return
    same = Notice.objects.filter(pk=notice_id, claimed_at=seen, state="waiting")
    if seen is None:
        same = Notice.objects.filter(pk=notice_id, claimed_at__isnull=True, state="waiting")
    if same.update(claimed_at=now) == 0:
        return
    try:
        post = notice.post
        mail.send({"to": post.author.email, "subject": f"Your post is out: {post.title}"})
    except Exception:
        Notice.objects.filter(pk=notice_id).update(claimed_at=None)
        raise
    else:
        Notice.objects.filter(pk=notice_id).update(state="sent")
