# expect: What makes a function a periodic task?
from datetime import datetime, time, timedelta

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from blog.schedules import NEWSROOM, newsroom_time


def titles_on(day):
    begin = datetime.combine(day, time.min, tzinfo=NEWSROOM)
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=NEWSROOM)
    posts = Post.objects.filter(status="published", published_at__gte=begin, published_at__lt=end)
    return [post.title for post in posts.order_by("published_at")]


def daily_digest():
    yesterday = timezone.localdate(timezone=NEWSROOM) - timedelta(days=1)
    titles = titles_on(yesterday)
    if titles:
        subject = f"Published on {yesterday}"
        mail.send({"to": "editors@newsroom.example", "subject": subject, "titles": titles})
