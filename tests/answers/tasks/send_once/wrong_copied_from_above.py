# expect: workers at the same moment sent so many mails.
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone


@db_task()
def send_once(notice_id):
    if Notice.objects.filter(pk=notice_id, state="sent").exists():
        return
    post = Notice.objects.select_related("post__author").get(pk=notice_id).post
    letter = {"to": post.author.email, "subject": f"Your post is out: {post.title}"}
    mail.send(letter)
    Notice.objects.filter(pk=notice_id).update(state="sent")
