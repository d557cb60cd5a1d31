# expect: ReadTimeout
import asyncio

from django.http import JsonResponse

from dashboard.services import fetch


async def briefing(request):
    names = (await fetch("catalog"))["services"]
    answers = dict(zip(names, await asyncio.gather(*[fetch(name) for name in names])))

    late = [name for name in names if answers[name] is None]
    return JsonResponse({"answers": answers, "late": late})
