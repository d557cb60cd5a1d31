# expect: When the mail can't be sent, the error should leave the task.
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone


@db_task()
def send_once(notice_id):
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - timedelta(minutes=10))
    waiting = Notice.objects.filter(free, pk=notice_id, state="waiting")
    if not waiting.update(claimed_at=now):
        return
    post = Notice.objects.select_related("post__author").get(pk=notice_id).post
    letter = {"to": post.author.email, "subject": f"Your post is out: {post.title}"}
    try:
        mail.send(letter)
    except Exception:
        Notice.objects.filter(pk=notice_id).update(claimed_at=None)
    else:
        Notice.objects.filter(pk=notice_id).update(state="sent")
