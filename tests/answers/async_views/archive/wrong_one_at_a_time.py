# expect: the page uses fewer
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.services import client, fetch


async def archive(request):
    first, count = int(request.GET["first"]), int(request.GET["count"])
    numbers = range(first, first + count)
    pages = [await fetch(f"archive/{number}") for number in numbers]
    return JsonResponse({"pages": pages})
