"""The ASGI lifespan of an application that is swapped in and out while the server runs."""

import asyncio
from contextlib import suppress
from typing import Any

from workbook_site.live.server import Broken
from workbook_site.reload import ASGIApplication, Message


class StartupFailed(RuntimeError):
    """The application said in its lifespan that it can't start; the message is its own."""


class Lifespan:
    """One application's life: `start`, then any number of requests, then `end`.

    An application that doesn't speak the protocol, as Django's own, is simply alive. Both run in
    the server's loop. `state` is what the application put there for its requests.
    """

    def __init__(self, application: ASGIApplication) -> None:
        self.state: dict[str, Any] = {}
        self._application = application
        self._to_it: asyncio.Queue[Message] = asyncio.Queue()
        self._from_it: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Let the application start up. Raises `StartupFailed` when it refuses."""
        self._task = asyncio.create_task(self.live())
        said = await self._say("lifespan.startup")
        if said is not None and said["type"] == "lifespan.startup.failed":
            raise StartupFailed(said.get("message") or "lifespan.startup.failed")

    async def end(self) -> None:
        """Let the application shut down, if it lives."""
        if self._task is not None and not self._task.done():
            await self._say("lifespan.shutdown")

    async def live(self) -> None:
        """The application's side of it, until it ends."""
        scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
        }
        # By the protocol, whatever it raises means that it doesn't speak it. One that blocked the
        # loop, and was broken off, has said all that it will.
        with suppress(Exception, Broken):
            await self._application(scope, self._to_it.get, self._from_it.put)

    async def _say(self, kind: str) -> Message | None:
        """Send one event; the application's answer, or None when it ended without one."""
        assert self._task is not None
        self._to_it.put_nowait({"type": kind})
        answer = asyncio.ensure_future(self._from_it.get())
        await asyncio.wait({answer, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        answer.cancel()
        return None
