import asyncio

from django.http import JsonResponse

from dashboard.services import fetch

### BEGIN SOLUTION
# One bowl of tokens for the whole process, and so for all of its visitors.
archive_tokens = asyncio.Semaphore(5)


async def archive_page(number):
    async with archive_tokens:
        return await fetch(f"archive/{number}")
### END SOLUTION


async def archive(request):
    first, count = int(request.GET["first"]), int(request.GET["count"])
    ### BEGIN SOLUTION
    pages = await asyncio.gather(*[archive_page(n) for n in range(first, first + count)])
    return JsonResponse({"pages": pages})
    ### END SOLUTION
