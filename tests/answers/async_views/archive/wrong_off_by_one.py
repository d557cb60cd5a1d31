# expect: These are not the pages
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.services import client, fetch


tokens = asyncio.Semaphore(5)


async def one(number):
    async with tokens:
        return await fetch(f"archive/{number}")


async def archive(request):
    first, count = int(request.GET["first"]), int(request.GET["count"])
    pages = await asyncio.gather(*[one(n + 1) for n in range(first, first + count)])
    return JsonResponse({"pages": pages})
