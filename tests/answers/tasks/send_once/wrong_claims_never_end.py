# expect: Which notices are free, besides those with no claim?
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone


@db_task()
def send_once(notice_id):
    if not Notice.objects.filter(pk=notice_id, state="waiting", claimed_at=None).update(
        claimed_at=timezone.now()
    ):
        return
    post = Notice.objects.select_related("post__author").get(pk=notice_id).post
    letter = {"to": post.author.email, "subject": f"Your post is out: {post.title}"}
    try:
        mail.send(letter)
    except Exception:
        Notice.objects.filter(pk=notice_id).update(claimed_at=None)
        raise
    Notice.objects.filter(pk=notice_id).update(state="sent")
