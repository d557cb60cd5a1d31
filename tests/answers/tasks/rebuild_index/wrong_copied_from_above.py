# expect: and whoever watches was told too often.
import math

import httpx
from django.conf import settings

from blog.models import Report
from blog.progress import tell


@db_task()
def rebuild_index(report_id):
    report = Report.objects.get(pk=report_id)
    if report.state == "done":
        return
    posts = list(Post.objects.order_by("pk"))
    note(report, total=len(posts), state="working")
    with httpx.Client(base_url=settings.UPSTREAM_URL) as client:
        for done, post in enumerate(posts, start=1):
            if done <= report.done:
                continue
            try:
                client.post("/search/", json={"post": post.pk}).raise_for_status()
            except httpx.HTTPError:
                note(report, state="failed")
                return
            note(report, done=done)
    note(report, state="done")
