# expect: The services stand in another order
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse


async def status_of(client, name):
    return [name, (await client.get(f"/{name}/")).status_code]


async def status_page(request):
    names = request.GET.getlist("service")
    async with httpx.AsyncClient(base_url=settings.UPSTREAM_URL) as client:
        jobs = [status_of(client, name) for name in names]
        services = [await job for job in asyncio.as_completed(jobs)]
    return JsonResponse({"services": services})
