"""One exercise of our own, and the ways to have an answer to it judged."""

import asyncio
import os
import textwrap
from pathlib import Path

import pytest

from tests.conftest import over_the_starter
from workbook_site.checking import Check, Exercise, Outcome, equal
from workbook_site.judge import family

URLS = """
from django.urls import path
from mysite import views

urlpatterns = [path("double/", views.double), path("kind/", views.kind)]
"""

RIGHT = """
from django.http import JsonResponse

async def double(request):
    return JsonResponse({"double": 2 * int(request.GET["n"])})

async def kind(request):
    return JsonResponse({"kind": "async"})
"""


async def it_doubles(site):
    number = site.number(1, 10**9)
    (await site.get("/double/", params={"n": number})).status(200).json({"double": 2 * number})


async def it_says_what_it_is(site):
    (await site.get("/kind/")).status(200).json({"kind": "async"})


async def it_doubles_again(site):
    await it_doubles(site)


def exercise(*checks, points=3.0):
    """An exercise with these checks, worth three points."""
    return Exercise(
        chapter="made_up",
        name="double",
        title="Double it",
        prompt="",
        file="mysite/views.py",
        points=points,
        hints=("Two times.", "2 * n"),
        given={},
        checks=tuple(
            Check(each.__name__, each.__name__.replace("_", " "), each) for each in checks
        ),
    )


DOUBLE = exercise(it_doubles, it_says_what_it_is, it_doubles_again)


def before_answering(code):
    """The right answer, with a line of code before its first view answers."""
    return RIGHT.replace("    return", f"    {code}\n    return", 1)


def project(answer):
    """The project in which the answer is `mysite/views.py`."""
    return over_the_starter({"mysite/urls.py": URLS, "mysite/views.py": textwrap.dedent(answer)})


@pytest.fixture
def judged(court):
    """`judged(answer)`: the report on it, by the worker's judge."""
    judge, run = court
    base = project(RIGHT)
    return lambda answer, asked=DOUBLE: run(judge.judge(asked, project(answer), base, seed=1))


@pytest.fixture
def still_right(judged):
    """After the test, the same host gives a right answer its due."""
    yield
    report = judged(RIGHT)
    equal(report.outcome, Outcome.PASSED, f"{report}")


# Below a sandboxed judge that judges nobody: its first process, the host, the keeper of rooms.
IDLE = 3


def descendants(pid):
    """All processes below `pid` that have not ended."""
    return [each for child in family.children(pid) for each in (child, *descendants(child))]


def alive(pid):
    """Is there such a process, and is it more than a zombie?"""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


async def gone(*pids):
    """Wait until all of these processes have ended."""
    while any(alive(pid) for pid in pids):
        await asyncio.sleep(0.01)


def environment(**more):
    """The environment of a process that runs this code."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **more}
