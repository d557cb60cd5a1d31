import asyncio

import httpx
from django.conf import settings
from django.http import JsonResponse

from dashboard.services import client, fetch


tokens = asyncio.BoundedSemaphore(5)


async def one(number):
    async with tokens:
        answer = await client().get(f"/archive/{number}/")
    return answer.json()


async def archive(request):
    first, count = int(request.GET["first"]), int(request.GET["count"])
    numbers = range(first, first + count)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(number)) for number in numbers]
    pages = [task.result() for task in tasks]
    return JsonResponse({"pages": pages})
