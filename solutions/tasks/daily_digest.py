from datetime import datetime, time, timedelta

from django.utils import timezone
from huey.contrib.djhuey import db_periodic_task

from blog.schedules import NEWSROOM, newsroom_time


def titles_on(day):
    """The titles of what was published on this day, the earliest first."""
    ### BEGIN SOLUTION
    begin = datetime.combine(day, time.min, tzinfo=NEWSROOM)
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=NEWSROOM)
    posts = Post.objects.filter(
        status=Post.Status.PUBLISHED, published_at__gte=begin, published_at__lt=end
    )
    return list(posts.order_by("published_at").values_list("title", flat=True))
    ### END SOLUTION


### BEGIN SOLUTION
### STARTER: def daily_digest():
### STARTER:     """Mail yesterday's titles to the editors."""
@db_periodic_task(newsroom_time(minute="0", hour="7"))
def daily_digest():
    """Mail yesterday's titles to the editors."""
    yesterday = timezone.localdate(timezone=NEWSROOM) - timedelta(days=1)
    titles = titles_on(yesterday)
    if titles:
        subject = f"Published on {yesterday.isoformat()}"
        mail.send({"to": "editors@newsroom.example", "subject": subject, "titles": titles})
### END SOLUTION
