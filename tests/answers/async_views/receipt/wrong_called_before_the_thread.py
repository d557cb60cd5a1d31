# expect: take a function and its arguments apart
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.printer import print_stamp


async def receipt(request, number):
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{settings.UPSTREAM_URL}/payments/{number}/")
    stamp = await asyncio.to_thread(print_stamp(number))
    return JsonResponse({"total": answer.json()["total"], "stamp": stamp})
