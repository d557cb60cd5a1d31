# expect: a new one for each visitor
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.services import client, fetch


async def archive(request):
    first, count = int(request.GET["first"]), int(request.GET["count"])
    numbers = range(first, first + count)
    tokens = asyncio.Semaphore(5)

    async def one(number):
        async with tokens:
            return await fetch(f"archive/{number}")

    pages = await asyncio.gather(*[one(number) for number in numbers])
    return JsonResponse({"pages": pages})
