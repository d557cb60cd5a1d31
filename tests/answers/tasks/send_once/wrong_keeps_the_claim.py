# expect: The claim was not given back.
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
    mail.send(letter)
    Notice.objects.filter(pk=notice_id).update(state="sent")
