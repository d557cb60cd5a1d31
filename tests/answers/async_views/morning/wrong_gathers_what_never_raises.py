# expect: Where nobody raises
import asyncio

from django.http import JsonResponse

from dashboard.services import fetch_or_none


async def morning(request):
    names = ["payments", "weather", "subscribers"]
    said = dict(zip(names, await asyncio.gather(*map(fetch_or_none, names))))
    if said["payments"] is None:
        return JsonResponse({"error": "payments"}, status=502)
    return JsonResponse({**said, "missing": [name for name in names if said[name] is None]})
