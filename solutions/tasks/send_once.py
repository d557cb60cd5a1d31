from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from huey.contrib.djhuey import db_task

from blog.models import Notice


@db_task()
def send_once(notice_id):
    """Send the mail of this notice, unless somebody else has done it or is about to."""
    ### BEGIN SOLUTION
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - timedelta(minutes=10))
    waiting = Notice.objects.filter(free, pk=notice_id, state=Notice.State.WAITING)
    if not waiting.update(claimed_at=now):
        return
    notice = Notice.objects.select_related("post__author").get(pk=notice_id)
    post = notice.post
    try:
        mail.send({"to": post.author.email, "subject": f"Your post is out: {post.title}"})
    except Exception:
        Notice.objects.filter(pk=notice_id).update(claimed_at=None)
        raise
    Notice.objects.filter(pk=notice_id).update(state=Notice.State.SENT)
    ### END SOLUTION
