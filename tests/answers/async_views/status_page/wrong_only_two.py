# expect: too many values to unpack
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse


async def status_page(request):
    one, two = request.GET.getlist("service")
    async with httpx.AsyncClient(base_url=settings.UPSTREAM_URL) as client:
        first, second = await asyncio.gather(client.get(f"/{one}/"), client.get(f"/{two}/"))
    return JsonResponse({"services": [[one, first.status_code], [two, second.status_code]]})
