import asyncio

import httpx
from django.http import JsonResponse

from dashboard.services import fetch, fetch_or_none


async def morning(request):
    nice = [asyncio.create_task(fetch_or_none(name)) for name in ["weather", "subscribers"]]
    try:
        payments = await fetch("payments")
    except httpx.HTTPError:
        for task in nice:
            task.cancel()
        await asyncio.gather(*nice, return_exceptions=True)
        return JsonResponse({"error": "payments"}, status=502)
    weather, subscribers = await asyncio.gather(*nice)

    answers = {"weather": weather, "subscribers": subscribers}
    missing = [name for name, answer in answers.items() if answer is None]
    return JsonResponse({"payments": payments, **answers, "missing": missing})
