# expect: in the order of its arguments
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
    numbers = range(first, first + count)
    pages = [await one for one in asyncio.as_completed([one(number) for number in numbers[::-1]])]
    return JsonResponse({"pages": pages})
