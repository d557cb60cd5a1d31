from datetime import datetime, time, timedelta

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from blog.schedules import NEWSROOM, newsroom_time


def titles_on(day):
    with timezone.override(NEWSROOM):
        posts = Post.objects.filter(status="published", published_at__date=day)
        return list(posts.order_by("published_at").values_list("title", flat=True))


def at_seven(moment):
    here = timezone.make_aware(moment, timezone.get_fixed_timezone(0)).astimezone(NEWSROOM)
    return (here.hour, here.minute) == (7, 0)


@db_periodic_task(at_seven)
def daily_digest():
    day = datetime.now(NEWSROOM).date() - timedelta(days=1)
    if titles := titles_on(day):
        mail.send(
            {
                "to": "editors@newsroom.example",
                "subject": f"Published on {day:%Y-%m-%d}",
                "titles": titles,
            }
        )
