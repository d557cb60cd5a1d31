# expect: ask for this payment
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.printer import print_stamp


from dashboard.services import fetch


async def receipt(request, number):
    paid = await fetch("payments")
    stamp = await asyncio.to_thread(print_stamp, number)
    return JsonResponse({"total": paid["total"], "stamp": stamp})
