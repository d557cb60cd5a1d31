# expect: began to count anew
import asyncio

from django.http import JsonResponse

from dashboard.services import fetch


async def in_time(name):
    try:
        async with asyncio.timeout(1):
            return await fetch(name)
    except TimeoutError:
        return None


async def briefing(request):
    catalog = await in_time("catalog")
    if catalog is None:
        return JsonResponse({"late": ["catalog"]}, status=504)
    names = catalog["services"]
    answers = dict(zip(names, await asyncio.gather(*[in_time(name) for name in names])))

    late = [name for name in names if answers[name] is None]
    return JsonResponse({"answers": answers, "late": late})
