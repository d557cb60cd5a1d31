# expect: doesn't unblock it
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.printer import print_stamp


async def stamp_of(number):
    return print_stamp(number)


async def receipt(request, number):
    async with httpx.AsyncClient() as client:
        answer, stamp = await asyncio.gather(
            client.get(f"{settings.UPSTREAM_URL}/payments/{number}/"), stamp_of(number)
        )
    return JsonResponse({"total": answer.json()["total"], "stamp": stamp})
