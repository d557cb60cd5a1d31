# expect: httpx.get
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.printer import print_stamp


async def receipt(request, number):
    paid = httpx.get(f"{settings.UPSTREAM_URL}/payments/{number}/").json()
    stamp = print_stamp(number)
    return JsonResponse({"total": paid["total"], "stamp": stamp})
