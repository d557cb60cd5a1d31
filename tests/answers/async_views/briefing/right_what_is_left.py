import asyncio

from django.http import JsonResponse

from dashboard.services import fetch


BUDGET = 1.0


async def within(seconds, name):
    try:
        return await asyncio.wait_for(fetch(name), seconds)
    except TimeoutError:
        return None


async def briefing(request):
    clock = asyncio.get_running_loop().time
    began = clock()
    catalog = await within(BUDGET, "catalog")
    if catalog is None:
        return JsonResponse({"late": ["catalog"]}, status=504)
    left = began + BUDGET - clock()
    names = catalog["services"]
    answers = dict(zip(names, await asyncio.gather(*[within(left, name) for name in names])))

    late = [name for name in names if answers[name] is None]
    return JsonResponse({"answers": answers, "late": late})
