import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse


async def one(name):
    async with httpx.AsyncClient(base_url=settings.UPSTREAM_URL) as client:
        try:
            answer = await client.get(f"/{name}/")
            answer.raise_for_status()
        except httpx.HTTPStatusError as error:
            answer = error.response
    return name, answer.status_code


async def status_page(request):
    jobs = [asyncio.create_task(one(name)) for name in request.GET.getlist("service")]
    return JsonResponse({"services": [await job for job in jobs]})
