import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse


async def status_page(request):
    names = request.GET.getlist("service")
    async with httpx.AsyncClient(base_url=settings.UPSTREAM_URL) as client:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(client.get(f"/{name}/")) for name in names]
    shown = [[name, task.result().status_code] for name, task in zip(names, tasks)]
    return JsonResponse({"services": shown})
