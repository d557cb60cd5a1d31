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
    posts = Post.objects.order_by("id")
    report.total, report.state = posts.count(), "working"
    report.save()
    shown = -1
    for post in posts[report.done :]:
        try:
            answer = httpx.post(f"{settings.UPSTREAM_URL}/search/", json={"post": post.id})
            answer.raise_for_status()
        except httpx.HTTPError:
            report.state = "failed"
            report.save()
            tell(report)
            return
        report.done += 1
        report.save()
        if report.done * 20 // report.total > shown:
            shown = report.done * 20 // report.total
            tell(report)
    report.state = "done"
    report.save()
    tell(report)
