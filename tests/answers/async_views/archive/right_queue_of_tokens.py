import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.services import client, fetch


tokens = asyncio.Queue()
for token in range(5):
    tokens.put_nowait(token)


async def one(number):
    token = await tokens.get()
    try:
        return await fetch(f"archive/{number}")
    finally:
        tokens.put_nowait(token)


async def archive(request):
    first, count = int(request.GET["first"]), int(request.GET["count"])
    numbers = range(first, first + count)
    pages = await asyncio.gather(*map(one, numbers))
    return JsonResponse({"pages": pages})
