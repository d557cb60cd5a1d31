"""What a project asks its databases for one answer."""

VIEWS = """
import asyncio

from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import JsonResponse


async def listed(request):
    return JsonResponse({"names": [group.name async for group in Group.objects.all()]})


async def each(request):
    async def one(pk):
        return (await Group.objects.aget(pk=pk)).name

    keys = [pk async for pk in Group.objects.values_list("pk", flat=True)]
    return JsonResponse({"names": await asyncio.gather(*map(one, keys))})


@transaction.atomic
def add():
    Group.objects.create(name="new")


async def added(request):
    await sync_to_async(add)()
    return JsonResponse({})
"""

URLS = """
from django.urls import path

from mysite import views

urlpatterns = [
    path("listed/", views.listed),
    path("each/", views.each),
    path("added/", views.added),
]
"""

FILES = {"mysite/views.py": VIEWS, "mysite/urls.py": URLS}


def test_every_query_of_a_request_is_told_whatever_thread_or_task_made_it(ask):
    async def check(site):
        for _ in range(3):
            await site.add("auth.Group", name=site.word())
        return await site.queries(await site.get("/each/"))

    asked = ask(FILES, check)
    assert len(asked) == 4
    assert all('FROM "auth_group"' in sql for sql in asked)


def test_requests_are_told_apart(ask):
    async def check(site):
        await site.add("auth.Group", name="x")
        one, two = await site.together(site.get("/listed/"), site.get("/each/"))
        return len(await site.queries(one)), len(await site.queries(two))

    assert ask(FILES, check) == (1, 2)


def test_a_transaction_is_no_query(ask):
    async def check(site):
        return await site.queries(await site.get("/added/"))

    (insert,) = ask(FILES, check)
    assert insert.startswith("INSERT")
