# expect: A new client opens new connections
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.services import client, fetch


tokens = asyncio.Semaphore(5)


async def one(fresh, number):
    async with tokens:
        return (await fresh.get(f"/archive/{number}/")).json()


async def archive(request):
    first, count = int(request.GET["first"]), int(request.GET["count"])
    numbers = range(first, first + count)
    async with httpx.AsyncClient(base_url=settings.UPSTREAM_URL) as fresh:
        pages = await asyncio.gather(*[one(fresh, number) for number in numbers])
    return JsonResponse({"pages": pages})
