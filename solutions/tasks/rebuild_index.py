import math

import httpx
from django.conf import settings
from huey.contrib.djhuey import db_task

from blog.models import Report
from blog.progress import tell


@db_task()
def rebuild_index(report_id):
    """Tell the search service of every post."""
    report = Report.objects.get(pk=report_id)
    ### BEGIN SOLUTION
    if report.state == "done":
        return
    ids = list(Post.objects.order_by("pk").values_list("pk", flat=True))
    note(report, total=len(ids), state="working")
    step = math.ceil(report.total / 20)
    try:
        with httpx.Client(base_url=settings.UPSTREAM_URL) as client:
            for post_id in ids[report.done :]:
                client.post("/search/", json={"post": post_id}).raise_for_status()
                report.done += 1
                report.save(update_fields=["done"])
                if report.done % step == 0:
                    tell(report)
    except httpx.HTTPError:
        note(report, state="failed")
    else:
        note(report, state="done")
    ### END SOLUTION
