# expect: HTTPStatusError
import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse


from dashboard.services import fetch


async def status_page(request):
    names = request.GET.getlist("service")
    await asyncio.gather(*[fetch(name) for name in names])
    return JsonResponse({"services": [[name, 200] for name in names]})
