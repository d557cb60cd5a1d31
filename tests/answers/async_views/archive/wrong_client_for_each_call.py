# expect: A new client opens new connections
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.services import client, fetch


tokens = asyncio.Semaphore(5)


async def one(number):
    async with tokens, httpx.AsyncClient(base_url=settings.UPSTREAM_URL) as fresh:
        return (await fresh.get(f"/archive/{number}/")).json()


async def archive(request):
    first, count = int(request.GET["first"]), int(request.GET["count"])
    numbers = range(first, first + count)
    pages = await asyncio.gather(*[one(number) for number in numbers])
    return JsonResponse({"pages": pages})
