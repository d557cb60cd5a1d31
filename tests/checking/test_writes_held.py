"""Requests that race for the database: what happens does not depend on luck."""

VIEWS = """
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.http import JsonResponse


async def in_three_steps(request):
    group = await Group.objects.aget()
    group.name += "x"
    await group.asave()
    return JsonResponse({})


async def in_one_step(request):
    await Group.objects.aupdate(name=Concat(F("name"), Value("x")))
    return JsonResponse({})


@transaction.atomic
def add():
    group = Group.objects.get()
    group.name += "x"
    group.save()


async def in_a_transaction(request):
    await sync_to_async(add)()
    return JsonResponse({})
"""

URLS = """
from django.urls import path

from mysite import views

urlpatterns = [path(f"{name}/", getattr(views, name)) for name in (
    "in_three_steps", "in_one_step", "in_a_transaction")]
"""

FILES = {"mysite/views.py": VIEWS, "mysite/urls.py": URLS}
AT_ONCE = 6


async def raced(site, path):
    """How many of the requests left a trace."""
    await site.add("auth.Group", name="-")
    async with site.writes_held():
        for answer in await site.together(*[site.get(path) for _ in range(AT_ONCE)]):
            answer.status(200)
    (row,) = await site.rows("auth.Group")
    return row["name"].count("x")


def test_whoever_reads_before_writing_loses_each_time(ask):
    for _ in range(3):
        assert ask(FILES, lambda site: raced(site, "/in_three_steps/")) == 1


def test_one_step_loses_nothing(ask):
    assert ask(FILES, lambda site: raced(site, "/in_one_step/")) == AT_ONCE


def test_a_transaction_loses_nothing_and_is_not_stuck(ask):
    assert ask(FILES, lambda site: raced(site, "/in_a_transaction/")) == AT_ONCE


def overtaken(path):
    """The name after another process wrote it between reading and writing."""

    async def check(site):
        await site.add("auth.Group", name="-")
        other = {"model": "auth.Group", "equals": {"name": "-"}, "name": "other-"}
        async with site.writes_held(lambda: site.change(**other)):
            (await site.get(path)).status(200)
            (await site.get(path)).status(200)
        (row,) = await site.rows("auth.Group")
        return row["name"]

    return check


def test_another_process_may_write_meanwhile_once(ask):
    assert ask(FILES, overtaken("/in_three_steps/")) == "-xx"
    assert ask(FILES, overtaken("/in_one_step/")) == "other-xx"
    assert ask(FILES, overtaken("/in_a_transaction/")) == "other-xx"


def test_after_the_block_nobody_waits(ask):
    async def check(site):
        await raced(site, "/in_one_step/")
        await site.call("mysite.views.add")
        (row,) = await site.rows("auth.Group")
        return row["name"].count("x")

    assert ask(FILES, check) == AT_ONCE + 1
