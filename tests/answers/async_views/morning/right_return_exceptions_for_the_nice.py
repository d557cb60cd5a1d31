import asyncio

import httpx
from django.http import JsonResponse

from dashboard.services import fetch, fetch_or_none


class PaymentsDown(Exception):
    pass


async def must_have(name):
    try:
        return await fetch(name)
    except httpx.HTTPError as error:
        raise PaymentsDown from error


async def morning(request):
    try:
        async with asyncio.TaskGroup() as group:
            paid = group.create_task(must_have("payments"))
            others = group.create_task(
                asyncio.wait_for(
                    asyncio.gather(
                        fetch("weather"), fetch("subscribers"), return_exceptions=True
                    ),
                    5,
                )
            )
    except BaseExceptionGroup:
        return JsonResponse({"error": "payments"}, status=502)
    payments = paid.result()
    weather, subscribers = [
        None if isinstance(one, httpx.HTTPError) else one for one in others.result()
    ]

    answers = {"weather": weather, "subscribers": subscribers}
    missing = [name for name, answer in answers.items() if answer is None]
    return JsonResponse({"payments": payments, **answers, "missing": missing})
