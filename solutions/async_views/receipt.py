import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.printer import print_stamp


async def receipt(request, number):
    """Payment `number`, and a stamp from the old printer."""
    ### BEGIN SOLUTION
    ### STARTER: paid = httpx.get(f"{settings.UPSTREAM_URL}/payments/{number}/").json()
    ### STARTER: stamp = print_stamp(number)
    ### STARTER: return JsonResponse({"total": paid["total"], "stamp": stamp})
    async with httpx.AsyncClient(base_url=settings.UPSTREAM_URL) as client:
        paid = (await client.get(f"/payments/{number}/")).json()
    stamp = await asyncio.to_thread(print_stamp, number)
    return JsonResponse({"total": paid["total"], "stamp": stamp})
    ### END SOLUTION
