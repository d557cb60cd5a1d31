# expect: asked for too many pages at once
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.services import client, fetch


async def archive(request):
    first, count = int(request.GET["first"]), int(request.GET["count"])
    numbers = range(first, first + count)
    pages = await asyncio.gather(*[fetch(f"archive/{n}") for n in numbers])
    return JsonResponse({"pages": pages})
