# expect: answered with other data
import asyncio

import httpx
from django.http import JsonResponse

from dashboard.services import fetch, fetch_or_none


async def morning(request):
    try:
        async with asyncio.TaskGroup() as group:
            a = group.create_task(fetch("payments"))
            b = group.create_task(fetch_or_none("weather"))
            c = group.create_task(fetch_or_none("subscribers"))
    except ExceptionGroup:
        return JsonResponse({"error": "payments"}, status=502)
    return JsonResponse(
        {"payments": a.result(), "weather": b.result(), "subscribers": c.result(), "missing": []}
    )
