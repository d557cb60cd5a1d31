import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse


async def status_of(client, name):
    return (await client.get(f"{settings.UPSTREAM_URL}/{name}/")).status_code


async def status_page(request):
    names = request.GET.getlist("service")
    async with httpx.AsyncClient() as client:
        statuses = await asyncio.gather(*(status_of(client, name) for name in names))
    return JsonResponse({"services": list(zip(names, statuses))})
