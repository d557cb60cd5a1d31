# expect: 'NoneType' object is not subscriptable
import asyncio

from django.http import JsonResponse

from dashboard.services import fetch


async def briefing(request):
    deadline = asyncio.get_running_loop().time() + 1

    async def in_time(name):
        try:
            async with asyncio.timeout_at(deadline):
                return await fetch(name)
        except TimeoutError:
            return None

    names = (await in_time("catalog"))["services"]
    answers = dict(zip(names, await asyncio.gather(*[in_time(name) for name in names])))

    late = [name for name in names if answers[name] is None]
    return JsonResponse({"answers": answers, "late": late})
