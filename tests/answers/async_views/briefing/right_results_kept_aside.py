import asyncio

from django.http import JsonResponse

from dashboard.services import fetch


async def briefing(request):
    names, answers = None, {}

    async def keep(name):
        answers[name] = await fetch(name)

    try:
        async with asyncio.timeout(1):
            names = (await fetch("catalog"))["services"]
            answers = dict.fromkeys(names)
            async with asyncio.TaskGroup() as group:
                for name in names:
                    group.create_task(keep(name))
    except TimeoutError:
        pass
    if names is None:
        return JsonResponse({"late": ["catalog"]}, status=504)

    late = [name for name in names if answers[name] is None]
    return JsonResponse({"answers": answers, "late": late})
