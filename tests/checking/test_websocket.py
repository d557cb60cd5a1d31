"""`site.socket`: a chat on Channels, asked from outside."""

import pytest

from workbook_site.checking import Failure

FILES = {
    "mysite/settings.py": """
from mysite.start import *

INSTALLED_APPS = ["daphne", *INSTALLED_APPS]
CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer"}}
""",
    "chat/__init__.py": "",
    "chat/consumers.py": """
import asyncio
from channels.generic.websocket import AsyncJsonWebsocketConsumer

class Chat(AsyncJsonWebsocketConsumer):
    async def connect(self):
        if self.scope["url_route"]["kwargs"]["room"] == "closed":
            return await self.close()
        if self.scope["url_route"]["kwargs"]["room"] == "early":
            await self.send_json("too early")
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept(subprotocol=(self.scope["subprotocols"] or [None])[0])

    async def receive_json(self, content):
        if content == "bye":
            return await self.close(code=4001)
        if content == "later":
            await asyncio.sleep(20)
        if content == "wrong":
            return await self.send("no json")
        if content == "break":
            raise LookupError("no such reader")
        if content == "for ever":
            await asyncio.Event().wait()
        told = {"type": "said", "text": content, "by": str(self.scope["user"])}
        await self.channel_layer.group_send("room", told)

    async def said(self, event):
        await self.send_json({"text": event["text"], "by": event["by"]})
""",
    "mysite/asgi.py": """
import os
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
http = get_asgi_application()

from chat.consumers import Chat

routes = URLRouter([path("ws/<str:room>/", Chat.as_asgi())])
application = ProtocolTypeRouter({
    "http": http,
    "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(routes)),
})
""",
}


@pytest.fixture
def asked(ask, newsroom):
    files = {**FILES, "mysite/start.py": newsroom["mysite/start.py"]}
    return lambda check: ask(files, check)


def test_two_visitors_hear_each_other(asked):
    async def check(site):
        async with site.socket("/ws/a/", user="ada") as ada, site.socket("/ws/a/") as bob:
            await ada.accepted().send("hi")
            assert await bob.receive() == {"text": "hi", "by": "ada"}
            assert (await ada.receive())["text"] == "hi"
            await bob.nothing()
            await bob.send("later")
            await ada.nothing()
            assert await ada.receive() == {"text": "later", "by": "AnonymousUser"}
            assert site.now == pytest.approx(20)

    asked(check)


def test_a_refused_socket(asked):
    async def check(site):
        async with site.socket("/ws/closed/") as ws:
            assert (ws.rejected, ws.code) == (True, 403)
            with pytest.raises(Failure, match="was refused"):
                ws.accepted()
        async with site.socket("/ws/a/", origin="https://evil.example") as ws:
            assert ws.rejected
        async with site.socket("/nowhere/") as ws:
            assert ws.rejected

    asked(check)


def test_the_project_closes(asked):
    async def check(site):
        async with site.socket("/ws/a/") as ws:
            await ws.send("bye")
            assert await ws.closed() == 4001
            with pytest.raises(Failure, match="code 4001"):
                await ws.receive()

    asked(check)


def test_what_is_wrong_with_a_message(asked):
    async def check(site):
        async with site.socket("/ws/a/") as ws:
            await ws.send("wrong")
            with pytest.raises(Failure, match="not JSON"):
                await ws.receive()
            with pytest.raises(Failure, match="No message came over /ws/a/, and none will"):
                await ws.receive()
            await ws.send("x")
            with pytest.raises(Failure, match="where none was due"):
                await ws.nothing()
            with pytest.raises(Failure, match="where it was to be closed"):
                await ws.closed()

    asked(check)


def test_why_no_message_comes(asked):
    """An error in another socket's consumer, or a wait of the learner's own."""

    async def check(site):
        async with site.socket("/ws/a/") as ada, site.socket("/ws/a/") as bob:
            await ada.send("break")
            with pytest.raises(Failure, match="Your code raised LookupError: no such reader"):
                await bob.receive()
        async with site.socket("/ws/a/") as ws:
            await ws.send("for ever")
            with pytest.raises(Failure, match="still waiting with a message on /ws/a/") as found:
                await ws.receive()
            assert "asyncio.Event().wait()" in found.value.actual

    asked(check)


def test_an_error_in_the_handshake_is_told(asked):
    async def check(site):
        async with site.socket("/ws/early/") as ws:
            assert ws.code == 500
            await ws.receive()

    with pytest.raises(Failure, match="Your code raised"):
        asked(check)


def test_bad_input_that_kills_the_consumer(asked):
    async def check(site):
        async with site.socket("/ws/a/") as ws:
            await ws.send_text("{not json")
            await ws.receive()

    with pytest.raises(Failure, match="Your code raised JSONDecodeError"):
        asked(check)
