# expect: Start all three before
import asyncio

import httpx
from django.http import JsonResponse

from dashboard.services import fetch, fetch_or_none


async def morning(request):
    try:
        payments = await fetch("payments")
    except httpx.HTTPError:
        return JsonResponse({"error": "payments"}, status=502)
    weather, subscribers = await asyncio.gather(
        fetch_or_none("weather"), fetch_or_none("subscribers")
    )

    answers = {"weather": weather, "subscribers": subscribers}
    missing = [name for name, answer in answers.items() if answer is None]
    return JsonResponse({"payments": payments, **answers, "missing": missing})
