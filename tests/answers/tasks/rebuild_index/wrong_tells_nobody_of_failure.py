# expect: No message came over /ws/reports/
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
    ids = list(Post.objects.order_by("pk").values_list("pk", flat=True))
    note(report, total=len(ids), state="working")
    step = math.ceil(len(ids) / 20)
    try:
        with httpx.Client(base_url=settings.UPSTREAM_URL) as client:
            for post_id in ids[report.done :]:
                client.post("/search/", json={"post": post_id}).raise_for_status()
                report.done += 1
                report.save(update_fields=["done"])
                if report.done % step == 0:
                    tell(report)
    except httpx.HTTPError:
        report.state = "failed"
        report.save()
    else:
        note(report, state="done")
