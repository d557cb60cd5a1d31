"""A small Django site behind the real door and server, and what timelines saw of it, as JSON.

Django can be set up once in a process, so this is one of its own: `python -m ... FOLDER`.
"""

import asyncio
import json
import sys
import threading
from pathlib import Path

import django
import httpx
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connection
from django.http import HttpResponse
from django.urls import path

FOLDER = Path(sys.argv[1])
settings.configure(
    SECRET_KEY="story",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "db.sqlite3"}},
    HUEY={"huey_class": "huey.MemoryHuey", "immediate": True, "name": "story"},
    LOGGING_CONFIG=None,
)
django.setup()

from huey.contrib.djhuey import task  # noqa: E402 - it reads the settings

from workbook_site.live.door import Door  # noqa: E402
from workbook_site.live.server import Server, listen  # noqa: E402
from workbook_site.live.timeline import Timeline, compare  # noqa: E402
from workbook_site.live.upstream import Outside  # noqa: E402

outside = Outside.start()
NAMES = ("payments", "analytics", "weather")


async def together(request):
    async with httpx.AsyncClient(base_url=outside.url, trust_env=False) as client:
        await asyncio.gather(*(client.get(f"/{name}/?a=1") for name in NAMES))
    return HttpResponse("ok")


async def in_turn(request):
    async with httpx.AsyncClient(base_url=outside.url, trust_env=False) as client:
        for name in NAMES:
            await client.get(f"/{name}/")
    return HttpResponse("ok")


def synchronous(request):
    httpx.get(f"{outside.url}/payments/", trust_env=False)
    ask_the_database("SELECT name FROM sqlite_master")
    return HttpResponse("ok")


async def crossing(request):
    await sync_to_async(ask_the_database)('INSERT INTO "story" VALUES (1)')
    await sync_to_async(many)()
    return HttpResponse("ok")


def ask_the_database(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def many():
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE story SET number = %s", [(1,), (2,)])


async def impatient(request):
    async with httpx.AsyncClient(base_url=outside.url, trust_env=False, timeout=0.05) as client:
        try:
            await client.get("/mail/")
        except httpx.TimeoutException:
            return HttpResponse("sorry", status=504)


async def fails(request):
    async with httpx.AsyncClient(base_url=outside.url, trust_env=False) as client:
        await client.get("/mail/")
    raise RuntimeError("the view fails")


async def hangs(request):
    async with httpx.AsyncClient(base_url=outside.url, trust_env=False) as client:
        await client.get("/mail/")


@task()
def notify():
    ask_the_database("SELECT 1")


@task()
def breaks():
    raise ValueError("the task fails")


def with_tasks(request):
    notify()
    breaks()
    return HttpResponse("ok")


VIEWS = (together, in_turn, synchronous, crossing, impatient, fails, hangs, with_tasks)
urlpatterns = [path(f"{view.__name__}/", view) for view in VIEWS]


def told(timeline):
    return {
        "most_in_flight": timeline.most_in_flight,
        "total": timeline.total,
        "sum": timeline.sum("call"),
        "text": repr(timeline),
        "html": timeline._repr_html_(),
        "spans": [
            {
                "kind": span.kind,
                "name": span.name,
                "status": span.status,
                "note": span.note,
                "thread": span.thread,
                "parent": span.parent and span.parent.name,
                "in_parent": not span.parent
                or span.parent.start <= span.start <= span.end <= span.parent.end,
            }
            for span in timeline.spans
        ],
    }


async def story(door, url):
    seen = {}
    ignore = {url.removeprefix("http://")}
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as client:

        async def record(name, **client_options):
            with Timeline(name, door=door, ignore=ignore) as timeline:
                await client.get(f"/{name}/", **client_options)
            seen[name] = told(timeline)
            return timeline

        ask_the_database_in_a_thread("CREATE TABLE story (number integer)")
        outside.set(latency=0)
        outside.hold(3)
        first = await record("together")
        outside.hold(0)
        second = await record("in_turn")
        seen["comparison"] = compare(first, second)._repr_html_()
        await beside_the_notebook(client, door, ignore, seen)
        await record("synchronous")
        await record("crossing")
        await record("with_tasks")
        outside.set("mail", status=503)
        await record("fails")
        outside.set("mail", hang=True)
        await record("impatient")
        await left_hanging(client, door, ignore, seen)
        await steps(client, door, ignore, seen)
        await replaced(door, seen)
    seen["hooks left"] = {
        "listeners": len(door.listeners),
        "httpx": "hooks" in httpx.AsyncHTTPTransport.handle_async_request.__code__.co_filename,
        "django": "hooks" in django.db.backends.utils.CursorWrapper.execute.__code__.co_filename,
    }
    return seen


async def beside_the_notebook(client, door, ignore, seen):
    pane = {"Sec-Fetch-Dest": "iframe"}
    with Timeline(door=door, ignore=ignore) as timeline:
        await asyncio.gather(client.get("/in_turn/", headers=pane), client.get("/crossing/"))
    seen["pane"] = told(timeline)


async def left_hanging(client, door, ignore, seen):
    async with Timeline("hangs", door=door, ignore=ignore) as timeline:
        asking = asyncio.create_task(client.get("/hangs/"))
        while not outside["mail"].in_flight:
            await asyncio.sleep(0)
    seen["hangs"] = told(timeline)
    asking.cancel()
    outside.reset()
    while door.open:
        await asyncio.sleep(0)
    seen["hangs, later"] = told(timeline)


async def steps(client, door, ignore, seen):
    async with Timeline(door=door, ignore=ignore) as timeline, timeline.span("outer"):
        with timeline.span("inner"):
            await asyncio.to_thread(ask_the_database, "SELECT 2")
        try:
            with timeline.span("broken"):
                raise KeyError("x")
        except KeyError:
            pass
    seen["steps"] = told(timeline)
    try:
        with timeline.span("too late"):
            pass
    except RuntimeError as error:
        seen["too late"] = str(error)


async def replaced(door, seen):
    with Timeline("first", door=door) as first:
        with Timeline("second", door=door) as second, second.span("a"):
            pass
        listeners = len(door.listeners)
    seen["replaced"] = [len(first.spans), len(second.spans), listeners]


def ask_the_database_in_a_thread(sql):
    thread = threading.Thread(target=ask_the_database, args=(sql,))
    thread.start()
    thread.join()


def main():
    listening = listen()
    door = Door(get_asgi_application(), listening.getsockname()[1])
    server = Server(door, listening)
    server.start()
    try:
        print(json.dumps(asyncio.run(story(door, server.url))), flush=True)
    finally:
        server.stop()
        outside.stop()


if __name__ == "__main__":
    main()
