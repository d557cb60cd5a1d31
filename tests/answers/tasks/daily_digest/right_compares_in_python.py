from datetime import datetime, time, timedelta

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from blog.schedules import NEWSROOM, newsroom_time


def titles_on(day):
    posts = Post.objects.filter(status=Post.Status.PUBLISHED).order_by("published_at")
    return [p.title for p in posts if p.published_at.astimezone(NEWSROOM).date() == day]


@db_periodic_task(newsroom_time(minute="0", hour="7"))
def daily_digest():
    yesterday = timezone.localdate(timezone=NEWSROOM) - timedelta(days=1)
    titles = titles_on(yesterday)
    if titles:
        subject = f"Published on {yesterday}"
        mail.send({"to": "editors@newsroom.example", "subject": subject, "titles": titles})
