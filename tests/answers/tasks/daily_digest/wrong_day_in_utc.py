# expect: In UTC it is late in the evening before.
from datetime import datetime, time, timedelta

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from blog.schedules import NEWSROOM, newsroom_time


def titles_on(day):
    posts = Post.objects.filter(status="published", published_at__date=day)
    return list(posts.order_by("published_at").values_list("title", flat=True))


@db_periodic_task(newsroom_time(minute="0", hour="7"))
def daily_digest():
    yesterday = timezone.localdate(timezone=NEWSROOM) - timedelta(days=1)
    titles = titles_on(yesterday)
    if titles:
        subject = f"Published on {yesterday}"
        mail.send({"to": "editors@newsroom.example", "subject": subject, "titles": titles})
