import asyncio

import httpx
from django.http import JsonResponse

from dashboard.services import fetch, fetch_or_none


async def morning(request):
    ### BEGIN SOLUTION
    try:
        async with asyncio.TaskGroup() as group:
            payments = group.create_task(fetch("payments"))
            nice = {
                name: group.create_task(fetch_or_none(name)) for name in ["weather", "subscribers"]
            }
    except ExceptionGroup as group_failed:
        if group_failed.split(httpx.HTTPError)[1]:
            raise  # a bug of ours, and not a service that is down
        return JsonResponse({"error": "payments"}, status=502)
    answers = {name: task.result() for name, task in nice.items()}
    missing = [name for name, answer in answers.items() if answer is None]
    return JsonResponse({"payments": payments.result(), **answers, "missing": missing})
    ### END SOLUTION
