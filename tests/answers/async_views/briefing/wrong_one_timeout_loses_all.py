# expect: the page lost them
import asyncio

from django.http import JsonResponse

from dashboard.services import fetch


async def briefing(request):
    names, answers = None, {}
    try:
        async with asyncio.timeout(1):
            names = (await fetch("catalog"))["services"]
            answers = dict.fromkeys(names)
            answers = dict(zip(names, await asyncio.gather(*[fetch(name) for name in names])))
    except TimeoutError:
        pass
    if names is None:
        return JsonResponse({"late": ["catalog"]}, status=504)

    late = [name for name in names if answers[name] is None]
    return JsonResponse({"answers": answers, "late": late})
