import asyncio

import httpx
from django.http import JsonResponse

from dashboard.services import fetch, fetch_or_none


async def morning(request):
    tasks = [
        asyncio.ensure_future(fetch("payments")),
        asyncio.ensure_future(fetch_or_none("weather")),
        asyncio.ensure_future(fetch_or_none("subscribers")),
    ]
    try:
        payments, weather, subscribers = await asyncio.gather(*tasks)
    except httpx.HTTPError:
        [task.cancel() for task in tasks]
        return JsonResponse({"error": "payments"}, status=502)

    answers = {"weather": weather, "subscribers": subscribers}
    missing = [name for name, answer in answers.items() if answer is None]
    return JsonResponse({"payments": payments, **answers, "missing": missing})
