# expect: asked for too many pages at once
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.services import client, fetch


tokens = asyncio.Semaphore(5)


async def archive(request):
    first, count = int(request.GET["first"]), int(request.GET["count"])
    numbers = range(first, first + count)
    async with tokens:
        pages = await asyncio.gather(*[fetch(f"archive/{number}") for number in numbers])
    return JsonResponse({"pages": pages})
