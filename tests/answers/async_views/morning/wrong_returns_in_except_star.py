# expect: Set a variable in the `except*` block
import asyncio

import httpx
from django.http import JsonResponse

from dashboard.services import fetch, fetch_or_none

NICE = ["weather", "subscribers"]


async def morning(request):
    try:
        async with asyncio.TaskGroup() as group:
            paid = group.create_task(fetch("payments"))
            nice = [group.create_task(fetch_or_none(name)) for name in NICE]
    except* httpx.HTTPError:
        return JsonResponse({"error": "payments"}, status=502)
    said = dict(zip(NICE, [task.result() for task in nice]))
    lacking = [name for name in NICE if said[name] is None]
    return JsonResponse({"payments": paid.result(), **said, "missing": lacking})
