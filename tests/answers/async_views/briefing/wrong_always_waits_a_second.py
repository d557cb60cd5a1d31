# expect: don't wait for the limit
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
    await asyncio.sleep(deadline - loop.time())
    answers = {}
    for name, task in tasks.items():
        answers[name] = task.result() if task.done() else None
        task.cancel()

    late = [name for name in names if answers[name] is None]
    return JsonResponse({"answers": answers, "late": late})
