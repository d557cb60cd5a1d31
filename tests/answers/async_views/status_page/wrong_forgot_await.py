# expect: _GatheringFuture
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse


async def status_page(request):
    names = request.GET.getlist("service")
    async with httpx.AsyncClient(base_url=settings.UPSTREAM_URL) as client:
        answers = asyncio.gather(*[client.get(f"/{name}/") for name in names])
    return JsonResponse({"services": [[n, a.status_code] for n, a in zip(names, answers)]})
