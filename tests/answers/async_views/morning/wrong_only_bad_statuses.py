# expect: RemoteProtocolError
import asyncio

import httpx
from django.http import JsonResponse

from dashboard.services import fetch, fetch_or_none


async def or_none(name):
    try:
        return await fetch(name)
    except httpx.HTTPStatusError:
        return None


async def morning(request):
    down = False
    try:
        async with asyncio.TaskGroup() as group:
            a = group.create_task(fetch("payments"))
            b = group.create_task(or_none("weather"))
            c = group.create_task(or_none("subscribers"))
    except* httpx.HTTPStatusError:
        down = True
    if down:
        return JsonResponse({"error": "payments"}, status=502)
    payments, weather, subscribers = a.result(), b.result(), c.result()

    answers = {"weather": weather, "subscribers": subscribers}
    missing = [name for name, answer in answers.items() if answer is None]
    return JsonResponse({"payments": payments, **answers, "missing": missing})
