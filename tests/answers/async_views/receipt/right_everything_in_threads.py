import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.printer import print_stamp


def ask(number):
    return httpx.get(f"{settings.UPSTREAM_URL}/payments/{number}/").json()["total"]


async def receipt(request, number):
    total = await asyncio.to_thread(ask, number)
    loop = asyncio.get_running_loop()
    stamp = await loop.run_in_executor(None, print_stamp, number)
    return JsonResponse({"total": total, "stamp": stamp})
