# expect: A TaskGroup raises a group of all that failed
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
    except httpx.HTTPError:
        return JsonResponse({"error": "payments"}, status=502)
    payments, weather, subscribers = a.result(), b.result(), c.result()

    answers = {"weather": weather, "subscribers": subscribers}
    missing = [name for name, answer in answers.items() if answer is None]
    return JsonResponse({"payments": payments, **answers, "missing": missing})
