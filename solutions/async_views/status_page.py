import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse


async def status_page(request):
    names = request.GET.getlist("service")
    ### BEGIN SOLUTION

    async def status_of(client, name):
        answer = await client.get(f"/{name}/")
        return [name, answer.status_code]

    async with httpx.AsyncClient(base_url=settings.UPSTREAM_URL) as client:
        services = await asyncio.gather(*[status_of(client, name) for name in names])
    return JsonResponse({"services": services})
    ### END SOLUTION
