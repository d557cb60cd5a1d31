"""What every request to the live site passes: the ASGI application that the server runs.

The application behind the door is swapped after a reload, between two requests. The door tells
its listeners when a request starts and finishes, and makes the site work inside a notebook: in an
iframe, and behind jupyter-server-proxy.
"""

import asyncio
import itertools
import secrets
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal

from workbook_site.live import frames
from workbook_site.reload import ASGIApplication, Message, Receive, Scope, Send
from workbook_site.workspace.sites import HERE


@dataclass(eq=False)
class Request:
    """One request (or WebSocket) as the door sees it. Times are `time.perf_counter()` seconds."""

    number: int
    kind: Literal["http", "websocket"]
    method: str  # "WEBSOCKET" for a socket
    path: str  # as the project sees it, with its query string
    started: float
    task: "asyncio.Task[Any] | None" = field(repr=False, default=None)
    finished: float | None = None
    status: int | None = None  # None until it answers; a socket's is 101, or 403 when refused
    client: tuple[str, int] | None = None  # the address that it came from
    framed: bool = False  # see `frames.is_framed`: such as the pane beside the notebook
    error: BaseException | None = field(repr=False, default=None)


Moment = Literal["start", "finish"]
# Called in the server's loop, in the request's own context. It must be quick and never raise.
Listener = Callable[[Moment, Request], None]

# The request that the running code works for, also in the threads of synchronous views.
current_request: ContextVar[Request | None] = ContextVar("current_request", default=None)


class Door:
    """The ASGI application that the live server runs, around the project's own."""

    def __init__(self, application: ASGIApplication, port: int) -> None:
        self.application = application
        self.port = port
        self.listeners: list[Listener] = []
        self.open: dict[int, Request] = {}
        self.token = secrets.token_hex(8)  # by which a page knows that it found this site
        self.state: dict[str, Any] = {}  # what the application's lifespan put there
        # Awaited before each request: it may swap the application.
        self.before_request: Callable[[], Awaitable[None]] | None = None
        self._numbers = itertools.count(1)

    async def __call__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Let one request through to the application that serves at this moment."""
        if scope["path"] == HERE:
            return await self._say_who(scope, send)
        if self.before_request is not None:
            await self.before_request()
        scope = frames.seen_from_here(scope, self.port)
        request = self._note(scope)
        current_request.set(request)
        self._tell("start", request)
        send = _noting_status(request, frames.for_the_frame(scope, send, request.framed))
        try:
            await self.application({**scope, "state": dict(self.state)}, receive, send)
        except BaseException as error:
            request.error = error
            raise
        finally:
            self.open.pop(request.number, None)  # gone already when the loop was left behind
            request.finished = time.perf_counter()
            self._tell("finish", request)

    async def _say_who(self, scope: Scope, send: Send) -> None:
        """To the script of `site.show`, which looks for the site; the project hears nothing."""
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close"})
        headers = [(b"content-type", b"text/plain"), (b"access-control-allow-origin", b"*")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self.token.encode()})

    def _note(self, scope: Scope) -> Request:
        query = scope["query_string"].decode("latin-1")
        request = Request(
            number=next(self._numbers),
            kind=scope["type"],
            method=scope.get("method", "WEBSOCKET"),
            path=scope["path"] + (f"?{query}" if query else ""),
            started=time.perf_counter(),
            task=asyncio.current_task(),
            client=tuple(scope["client"]) if scope.get("client") else None,
            framed=frames.is_framed(scope),
        )
        self.open[request.number] = request
        return request

    def _tell(self, moment: Moment, request: Request) -> None:
        for listener in list(self.listeners):
            listener(moment, request)


_STATUS_OF: dict[str, int] = {"websocket.accept": 101, "websocket.close": 403}


def _noting_status(request: Request, send: Send) -> Send:
    async def noting(message: Message) -> None:
        if request.status is None:
            request.status = message.get("status") or _STATUS_OF.get(message["type"])
        await send(message)

    return noting
