import asyncio

from django.http import JsonResponse

from dashboard.services import fetch


async def briefing(request):
    loop = asyncio.get_running_loop()
    deadline = loop.time() + 1
    try:
        async with asyncio.timeout_at(deadline):
            names = (await fetch("catalog"))["services"]
    except TimeoutError:
        return JsonResponse({"late": ["catalog"]}, status=504)
    tasks = {name: asyncio.create_task(fetch(name)) for name in names}
    done, pending = await asyncio.wait(tasks.values(), timeout=deadline - loop.time())
    for task in pending:
        task.cancel()
    answers = {name: task.result() if task in done else None for name, task in tasks.items()}

    late = [name for name in names if answers[name] is None]
    return JsonResponse({"answers": answers, "late": late})
