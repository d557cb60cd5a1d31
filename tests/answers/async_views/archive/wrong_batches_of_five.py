# expect: together they don't
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.services import client, fetch


async def archive(request):
    first, count = int(request.GET["first"]), int(request.GET["count"])
    numbers = range(first, first + count)
    pages = []
    for start in range(0, count, 5):
        batch = numbers[start : start + 5]
        pages += await asyncio.gather(*[fetch(f"archive/{number}") for number in batch])
    return JsonResponse({"pages": pages})
