import asyncio

from asgiref.sync import async_to_sync, sync_to_async

import math

import httpx
from django.conf import settings

from blog.models import Report
from blog.progress import tell


async def send_all(report, ids, step):
    async with httpx.AsyncClient(base_url=settings.UPSTREAM_URL) as client:
        for number in ids[report.done :]:
            answer = await client.post("/search/", json={"post": number})
            answer.raise_for_status()
            report.done += 1
            await report.asave(update_fields=["done"])
            if report.done % step == 0:
                await sync_to_async(tell)(report)


@db_task()
def rebuild_index(report_id):
    report = Report.objects.get(pk=report_id)
    if report.state == "done":
        return
    ids = list(Post.objects.order_by("pk").values_list("pk", flat=True))
    note(report, total=len(ids), state="working")
    try:
        async_to_sync(send_all)(report, ids, math.ceil(len(ids) / 20))
        note(report, state="done")
    except httpx.HTTPError:
        note(report, state="failed")
