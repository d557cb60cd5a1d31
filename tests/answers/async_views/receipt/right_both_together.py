import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.printer import print_stamp


from dashboard.services import fetch


async def receipt(request, number):
    paid, stamp = await asyncio.gather(
        fetch(f"payments/{number}"), asyncio.to_thread(print_stamp, number)
    )
    return JsonResponse({"total": paid["total"], "stamp": stamp})
