import math

import httpx
from django.conf import settings

from blog.models import Report
from blog.progress import tell


def send(client, number):
    client.post("/search/", json={"post": number}).raise_for_status()


@db_task()
def rebuild_index(report_id):
    report = Report.objects.exclude(state="done").filter(pk=report_id).first()
    if report is None:
        return
    ids = [number for (number,) in Post.objects.order_by("pk").values_list("pk")]
    report.total = len(ids)
    note(report, total=len(ids), state="working")
    size = max(1, math.ceil(len(ids) / 20))
    left = ids[report.done :]
    state = "done"
    with httpx.Client(base_url=settings.UPSTREAM_URL) as client:
        while left and state == "done":
            batch, left = left[:size], left[size:]
            for number in batch:
                try:
                    send(client, number)
                except httpx.HTTPError:
                    state = "failed"
                    break
                report.done += 1
                Report.objects.filter(pk=report_id).update(done=report.done)
            tell(report)
    note(report, state=state)
