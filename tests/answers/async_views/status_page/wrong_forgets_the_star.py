# expect: A star hands them over
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse


async def status_page(request):
    names = request.GET.getlist("service")
    async with httpx.AsyncClient(base_url=settings.UPSTREAM_URL) as client:
        answers = await asyncio.gather(client.get(f"/{name}/") for name in names)
    codes = [answer.status_code for answer in answers]
    return JsonResponse({"services": list(zip(names, codes))})
