from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone


@db_task()
def send_once(notice_id):
    limit = timezone.now() - timedelta(minutes=10)
    claimed = (
        Notice.objects.filter(pk=notice_id, state="waiting")
        .exclude(claimed_at__gte=limit)
        .update(claimed_at=timezone.now())
    )
    if claimed == 1:
        notice = Notice.objects.get(pk=notice_id)
        author = notice.post.author
        try:
            mail.send({"to": author.email, "subject": notice.post.title})
            notice.state = "sent"
        except BaseException:
            notice.claimed_at = None
            raise
        finally:
            notice.save()
