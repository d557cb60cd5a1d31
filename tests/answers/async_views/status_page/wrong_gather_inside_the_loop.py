# expect: Not all calls were in flight at the same time
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse


async def status_page(request):
    services = []
    async with httpx.AsyncClient(base_url=settings.UPSTREAM_URL) as client:
        for name in request.GET.getlist("service"):
            [answer] = await asyncio.gather(client.get(f"/{name}/"))
            services.append([name, answer.status_code])
    return JsonResponse({"services": services})
