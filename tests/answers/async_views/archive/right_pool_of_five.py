import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.services import client, fetch


_reader = None


def reader():
    """A client of its own for the archive: five places, and all the patience in the world."""
    global _reader
    if _reader is None:
        _reader = httpx.AsyncClient(
            base_url=settings.UPSTREAM_URL,
            limits=httpx.Limits(max_connections=5),
            timeout=httpx.Timeout(5, pool=None),
        )
    return _reader


async def archive(request):
    first, count = int(request.GET["first"]), int(request.GET["count"])
    numbers = range(first, first + count)
    answers = await asyncio.gather(*[reader().get(f"/archive/{n}/") for n in numbers])
    pages = [answer.json() for answer in answers]
    return JsonResponse({"pages": pages})
