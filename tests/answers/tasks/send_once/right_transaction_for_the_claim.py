from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone


@transaction.atomic
def claim(notice_id):
    notice = Notice.objects.select_for_update().select_related("post__author").get(pk=notice_id)
    now = timezone.now()
    held = notice.claimed_at and now - notice.claimed_at <= timedelta(minutes=10)
    if notice.state != Notice.State.WAITING or held:
        return None
    notice.claimed_at = now
    notice.save(update_fields=["claimed_at"])
    return notice


@db_task()
def send_once(notice_id):
    notice = claim(notice_id)
    if notice is None:
        return
    post = notice.post
    try:
        mail.send({"to": post.author.email, "subject": f"Your post is out: {post.title}"})
    except Exception:
        notice.claimed_at = None
        notice.save(update_fields=["claimed_at"])
        raise
    notice.state = Notice.State.SENT
    notice.save(update_fields=["state"])
