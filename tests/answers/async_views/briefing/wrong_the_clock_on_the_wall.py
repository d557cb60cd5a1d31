# expect: a moment on the loop's own clock
import asyncio
import time

from django.http import JsonResponse

from dashboard.services import fetch


async def briefing(request):
    deadline = time.time() + 1

    async def by_then(name):
        try:
            async with asyncio.timeout_at(deadline):
                return await fetch(name)
        except TimeoutError:
            return None

    listed = await by_then("catalog")
    if listed is None:
        return JsonResponse({"late": ["catalog"]}, status=504)
    names = listed["services"]
    said = {n: a for n, a in zip(names, await asyncio.gather(*map(by_then, names)))}
    return JsonResponse({"answers": said, "late": [n for n in names if said[n] is None]})
