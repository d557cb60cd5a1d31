"""What Channels, daphne and huey keep of a project follows each load, too."""

import pytest

from tests.reload.apart import apart
from tests.reload.newsroom import Newsroom

HUEY = """
INSTALLED_APPS += ["huey.contrib.djhuey"]
HUEY = {
    "huey_class": "huey.SqliteHuey",
    "immediate": False,
    "connection": {"filename": str(BASE_DIR / "queue.sqlite3")},
}
"""
TASKS = """
from huey import crontab
from huey.contrib.djhuey import db_task, on_commit_task, periodic_task

@db_task()
def add(a):
    return a + 1

@on_commit_task()
def after(a): ...

@periodic_task(crontab(minute="0"))
def digest(): ...
"""

CHAT = """
INSTALLED_APPS = ["daphne", *INSTALLED_APPS, "channels"]
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
"""
CONSUMER = """
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from blog.models import Post

class Chat(AsyncJsonWebsocketConsumer):
    async def connect(self):
        await self.channel_layer.group_add("all", self.channel_name)
        await self.accept()

    async def receive_json(self, content):
        await self.channel_layer.group_send("all", {"type": "said", "text": content})

    async def said(self, event):
        await self.send_json("first " + event["text"])
"""
ASGI = """
import os
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
http = get_asgi_application()

from blog.consumers import Chat

application = ProtocolTypeRouter({
    "http": http, "websocket": URLRouter([path("ws/", Chat.as_asgi())]),
})
"""


def tasks(folder):
    room = Newsroom(folder)
    room.append("mysite/settings.py", HUEY)
    room.write("blog/tasks.py", TASKS)
    room.append("blog/views.py", "from blog import tasks\n")
    room.load()
    return room


def chat(folder):
    room = Newsroom(folder)
    room.append("mysite/settings.py", CHAT)
    room.write("blog/consumers.py", CONSUMER)
    room.write("mysite/asgi.py", ASGI)
    room.load()
    return room


def queue():
    from huey.contrib.djhuey import HUEY

    return HUEY


@apart
def test_each_task_is_registered_once_however_often_it_is_loaded(tmp_path):
    room = tasks(tmp_path)
    for number in range(3):
        room.append("blog/tasks.py", f"# {number}\n")
        room.load()
    names = [name for name in queue()._registry._registry if name.startswith("blog.")]
    assert sorted(names) == ["blog.tasks.add", "blog.tasks.after", "blog.tasks.digest"]
    assert len(queue()._registry.periodic_tasks) == 1
    room.replace("blog/tasks.py", "def digest", "def weekly")
    room.load()
    assert "blog.tasks.digest" not in queue()._registry._registry


@apart
def test_what_was_queued_by_the_old_code_is_run_by_the_new(tmp_path):
    import sys

    room = tasks(tmp_path)
    sys.modules["blog.tasks"].add(1)
    room.replace("blog/tasks.py", "a + 1", "a + 100")
    room.load()
    assert queue().execute(queue().dequeue()) == 101


@apart
def test_a_load_that_fails_leaves_the_old_tasks_at_work(tmp_path):
    import sys

    from workbook_site.reload import ProjectError

    room = tasks(tmp_path)
    before = queue()
    room.append("blog/tasks.py", "nonsense\n")
    with pytest.raises(ProjectError):
        room.load()
    assert queue() is before
    sys.modules["blog.tasks"].add(1)
    assert queue().execute(queue().dequeue()) == 2


@apart
def test_changed_settings_of_the_queue_take_effect(tmp_path):
    room = tasks(tmp_path)
    assert not queue().immediate
    room.append("mysite/settings.py", 'HUEY["immediate"] = True\nHUEY["name"] = "desk"\n')
    room.load()
    assert (queue().immediate, queue().name) == (True, "desk")
    room.append("mysite/settings.py", 'HUEY["huey_class"] = "huey.MemoryHuey"\n')
    room.append("mysite/settings.py", 'del HUEY["connection"]\n')
    room.load()
    assert type(queue()).__name__ == "MemoryHuey"


@apart
def test_a_queue_that_the_settings_make_themselves(tmp_path):
    room = tasks(tmp_path)
    room.append("mysite/settings.py", 'from huey import MemoryHuey\nHUEY = MemoryHuey("own")\n')
    room.load()
    assert queue().name == "own"
    room.load()
    assert list(queue()._registry._registry).count("blog.tasks.add") == 1


@apart
def test_new_sockets_get_the_new_consumer_and_open_ones_keep_theirs(tmp_path):
    import asyncio

    from channels.testing import WebsocketCommunicator

    async def story():
        room = chat(tmp_path)
        old = WebsocketCommunicator(room.application, "/ws/")
        assert (await old.connect())[0]
        room.replace("blog/consumers.py", "first", "second")
        room.load()
        new = WebsocketCommunicator(room.application, "/ws/")
        assert (await new.connect())[0]
        await new.send_json_to("hello")
        # The layer is the same, so that both hear it, each in its own words.
        assert await old.receive_json_from() == "first hello"
        assert await new.receive_json_from() == "second hello"
        await old.disconnect()
        await new.disconnect()

    asyncio.run(story())


@apart
def test_routes_of_sockets_follow(tmp_path):
    import asyncio

    from channels.testing import WebsocketCommunicator

    async def opens(application, path):
        socket = WebsocketCommunicator(application, path)
        try:
            return (await socket.connect())[0]
        finally:
            await socket.disconnect()

    async def story():
        room = chat(tmp_path)
        room.replace("mysite/asgi.py", '"ws/"', '"ws/chat/"')
        room.load()
        assert await opens(room.application, "/ws/chat/")
        with pytest.raises(ValueError, match="No route found"):
            await opens(room.application, "/ws/")

    asyncio.run(story())


@apart
def test_daphne_touches_neither_signals_nor_loops_nor_threads(tmp_path):
    import asyncio
    import signal
    import sys
    import threading

    async def story():
        handlers = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
        policy, threads = asyncio.get_event_loop_policy(), threading.active_count()
        room = chat(tmp_path)
        reactor = sys.modules["twisted.internet.reactor"]
        room.load()
        assert sys.modules["twisted.internet.reactor"] is reactor
        assert not reactor.running
        assert handlers == [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
        assert asyncio.get_event_loop_policy() is policy
        assert threading.active_count() == threads

    asyncio.run(story())


@apart
def test_daphnes_check_counts_only_while_daphne_is_installed(tmp_path):
    from workbook_site.reload import ProjectError

    room = chat(tmp_path)
    room.replace("mysite/settings.py", '"daphne", ', "")
    room.load()
    room.append("mysite/settings.py", 'INSTALLED_APPS.append("daphne")\n')
    with pytest.raises(ProjectError, match="Daphne must be listed before"):
        room.load()
    room.append("mysite/settings.py", 'INSTALLED_APPS.remove("daphne")\n')
    room.load()
    room.append("mysite/settings.py", 'INSTALLED_APPS.insert(0, "daphne")\n')
    room.load()
