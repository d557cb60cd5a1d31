"""A judged project on Channels: daphne, models, the in-memory layer, and a task that speaks."""

import pytest

SETTINGS = """
from mysite.start import *

INSTALLED_APPS = ["daphne", *INSTALLED_APPS, "channels", "huey.contrib.djhuey", "chat"]
CHANNEL_LAYERS = {"default": {
    "BACKEND": "channels_redis.core.RedisChannelLayer",
    "CONFIG": {"hosts": ["redis://127.0.0.1:1/0"]},
}}
HUEY = {"huey_class": "huey.RedisHuey", "url": "redis://127.0.0.1:1/0"}
"""

MODELS = """
from django.db import models

class Message(models.Model):
    room = models.CharField(max_length=50)
    author = models.CharField(max_length=50)
    text = models.TextField()
"""

CONSUMERS = """
import asyncio
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer, JsonWebsocketConsumer
from asgiref.sync import async_to_sync
from chat.models import Message

class Chat(AsyncJsonWebsocketConsumer):
    async def connect(self):
        self.room = self.scope["url_route"]["kwargs"]["room"]
        if not self.scope["user"].is_authenticated:
            return await self.close()
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()
        async for message in Message.objects.filter(room=self.room):
            await self.send_json({"old": message.text})

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.room, self.channel_name)

    async def receive_json(self, content):
        author = self.scope["user"].username
        await Message.objects.acreate(room=self.room, author=author, text=content["text"])
        told = {"type": "said", "text": content["text"], "by": author}
        await self.channel_layer.group_send(self.room, told)

    async def said(self, event):
        await self.send_json({"text": event["text"], "by": event["by"]})


class Slow(JsonWebsocketConsumer):
    def connect(self):
        async_to_sync(self.channel_layer.group_add)("reports", self.channel_name)
        self.accept()

    def report(self, event):
        self.send_json(event["percent"])
"""

TASKS = """
import time
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from huey.contrib.djhuey import db_task

@db_task()
def report():
    for percent in (0, 50, 100):
        time.sleep(10)
        async_to_sync(get_channel_layer().group_send)(
            "reports", {"type": "report", "percent": percent}
        )
"""

URLS = """
from django.http import HttpResponse
from django.urls import path
from chat.tasks import report

async def start(request):
    report()
    return HttpResponse()

urlpatterns = [path("start/", start)]
"""

ASGI = """
import os
from django.core.asgi import get_asgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
http = get_asgi_application()

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path
from chat.consumers import Chat, Slow

routes = [path("ws/chat/<str:room>/", Chat.as_asgi()), path("ws/reports/", Slow.as_asgi())]
application = ProtocolTypeRouter({
    "http": http,
    "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(routes))),
})
"""


@pytest.fixture
def asked(ask):
    from workbook_site import places

    files = {
        "mysite/start.py": (places.starter() / "mysite/settings.py").read_text(),
        "mysite/settings.py": SETTINGS,
        "mysite/urls.py": URLS,
        "mysite/asgi.py": ASGI,
        "chat/__init__.py": "",
        "chat/models.py": MODELS,
        "chat/consumers.py": CONSUMERS,
        "chat/tasks.py": TASKS,
    }
    return lambda check: ask(files, check)


def test_a_chat_keeps_its_messages_and_tells_everybody(asked):
    async def check(site):
        word = site.word()
        async with (
            site.socket("/ws/chat/lobby/", user="ada") as ada,
            site.socket("/ws/chat/lobby/", user="bob") as bob,
            site.socket("/ws/chat/other/", user="eve") as eve,
            site.socket("/ws/chat/lobby/") as nobody,
        ):
            assert nobody.rejected
            await ada.send({"text": word})
            assert await ada.receive() == await bob.receive() == {"text": word, "by": "ada"}
            await eve.nothing()
        (row,) = await site.rows("chat.Message")
        assert (row["room"], row["author"], row["text"]) == ("lobby", "ada", word)
        await site.add("chat.Message", room="lobby", author="x", text="added")
        async with site.socket("/ws/chat/lobby/", user="bob") as ws:
            assert [await ws.receive(), await ws.receive()] == [{"old": word}, {"old": "added"}]

    asked(check)


def test_a_foreign_page_gets_no_socket(asked):
    async def check(site):
        path = "/ws/chat/lobby/"
        async with site.socket(path, user="ada", origin="https://evil.example") as ws:
            assert (ws.rejected, ws.code) == (True, 403)

    asked(check)


def test_a_task_speaks_to_an_open_socket(asked):
    async def check(site):
        async with site.socket("/ws/reports/") as ws:
            (await site.get("/start/")).status(200)
            await ws.nothing()
            (ran,) = await site.tasks.run()
            assert (ran.name, ran.error) == ("chat.tasks.report", None)
            assert [await ws.receive() for _ in range(3)] == [0, 50, 100]
            assert site.now >= 30

    asked(check)
