"""The table, kept up to date over a WebSocket.

A worker is another process, often on another machine, so nothing is handed over in memory: the
database counts its changes, and one watch for all sockets of a process asks for that count. Where
there is Redis, a worker's nudge through the channel layer makes the watch look at once. A page says
which change it has seen last; what came after that is sent as whole rows.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from typing import Any
from urllib.parse import parse_qs, urlsplit

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import URLRouter
from channels.sessions import CookieMiddleware
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import Error
from django.http import HttpRequest
from django.http.request import validate_host
from django.urls import path

from workbook_site import deployment
from workbook_site.grading.nudge import GROUP
from workbook_site.grading.page import lines, reading
from workbook_site.grading.page.models import Instructor

# Seconds between two looks; where nudges come, the look is only for those that got lost.
LOOK = 2.0 if deployment.redis() else 0.25
NOT_LOGGED_IN = 4401
BROKE = 1011

_log = logging.getLogger(__name__)


class Watch:
    """Knows the last change, once for all sockets in this process. Rests while there are none."""

    def __init__(self) -> None:
        self.last = 0
        self._sockets = 0
        self._looking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        self._sockets += 1
        if self._looking is None:
            self._nudged, self._news = asyncio.Event(), asyncio.Condition()
            self._looking = asyncio.create_task(self._look())

    async def __aexit__(self, *_: object) -> None:
        self._sockets -= 1
        if not self._sockets and self._looking:
            self._looking.cancel()
            self._looking = None

    def nudge(self) -> None:
        """Look now."""
        if self._looking:
            self._nudged.set()

    async def newer(self, seen: int) -> None:
        """Return once there is a change after `seen`."""
        async with self._news:
            await self._news.wait_for(lambda: self.last > seen)

    async def _look(self) -> None:
        while True:
            try:
                last = await database_sync_to_async(reading.last_change)()
            except Error as error:
                # It may be starting again; whoever looks on is told once it is back.
                _log.warning("The database can't be asked for changes: %s", error)
                last = self.last
            if last != self.last:
                self.last = last
                async with self._news:
                    self._news.notify_all()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), LOOK)
            self._nudged.clear()


watch = Watch()


class Live(AsyncWebsocketConsumer):  # type: ignore[misc] # it has no types
    """One open table. Tells what changed; takes nothing in."""

    async def connect(self) -> None:
        """Let an instructor in, and nobody else."""
        if not await self._may():
            await self.close(NOT_LOGGED_IN)
            return
        await self.accept()
        await self.channel_layer.group_add(GROUP, self.channel_name)
        self._telling = asyncio.create_task(self._tell())

    async def disconnect(self, code: int) -> None:
        """Leave nothing behind."""
        telling = getattr(self, "_telling", None)
        if telling:
            telling.cancel()
            await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def changed(self, _: dict[str, Any]) -> None:
        """A worker says that there is something to see."""
        watch.nudge()

    async def _tell(self) -> None:
        """Tell until something breaks; then shut the door, so that the page tries again."""
        try:
            await self._tell_on()
        except Exception:
            _log.exception("A socket was closed")
            await self.close(BROKE)

    async def _tell_on(self) -> None:
        """Send what is new, at this reader's own pace: what comes meanwhile is sent together."""
        asked = parse_qs(self.scope["query_string"].decode("latin-1"))
        view = reading.View.of({key: values[0] for key, values in asked.items()})
        seen = int(asked["since"][0]) if asked.get("since", [""])[0].isdecimal() else 0
        async with watch:
            while True:
                await watch.newer(seen)
                # Logged out, locked or given another password since: the door is shut.
                if not await self._may():
                    await self.close(NOT_LOGGED_IN)
                    return
                seen, news = await database_sync_to_async(_news)(view, seen)
                await self.send(news)

    async def _may(self) -> bool:
        return bool(await database_sync_to_async(_may)(self.scope["cookies"]))


def _news(view: reading.View, seen: int) -> tuple[int, str]:
    """The number of the last change, and all rows that changed since `seen`, as JSON."""
    changed = lines.lines(view, since=seen)
    rows = {f"s{student}": line for student, line in changed.lines.items()}
    return changed.last, json.dumps({"last": changed.last, "rows": rows, "states": changed.states})


def _may(cookies: dict[str, str]) -> bool:
    """Whether these cookies belong to an instructor, asked anew each time."""
    request = HttpRequest()
    request.session = SessionStore(cookies.get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    return isinstance(user, Instructor) and user.has_own_password


class SameOrigin:
    """Refuses a page of any other site, another port of this host too: cookies know no ports."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Pass on, or close."""
        if _same_origin(scope):
            await self.application(scope, receive, send)
        else:
            await send({"type": "websocket.close"})


def _same_origin(scope: dict[str, Any]) -> bool:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    host, origin = headers.get(b"host", ""), urlsplit(headers.get(b"origin", ""))
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    secure = origin.scheme == "https" or not settings.SERVED
    return secure and origin.netloc == host and validate_host(name, settings.ALLOWED_HOSTS)


sockets = SameOrigin(CookieMiddleware(URLRouter([path("live/", Live.as_asgi())])))
