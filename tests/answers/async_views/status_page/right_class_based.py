import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse


from django.views import View


class StatusPage(View):
    async def get(self, request):
        names = request.GET.getlist("service")
        async with httpx.AsyncClient(base_url=settings.UPSTREAM_URL) as client:
            answers = await asyncio.gather(*map(client.get, [f"/{name}/" for name in names]))
        return JsonResponse({"services": [[n, a.status_code] for n, a in zip(names, answers)]})


status_page = StatusPage.as_view()
