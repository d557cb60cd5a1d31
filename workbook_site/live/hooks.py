"""Where spans come from: each hook is in place while a recording runs, and gone after it."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from django.db.backends.utils import CursorWrapper

from workbook_site.live.door import Door, Moment, Request
from workbook_site.live.spans import Recording, Span, ended_by

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE|TABLE(?: IF NOT EXISTS)?)\s+[\"`]?(\w+)", re.IGNORECASE)


@contextmanager
def replaced(owner: Any, name: str, wrap: Callable[[Any], Any]) -> Iterator[None]:
    """Put `wrap(original)` in the place of an attribute, for the length of a block."""
    original = getattr(owner, name)
    setattr(owner, name, functools.wraps(original)(wrap(original)))
    try:
        yield
    finally:
        setattr(owner, name, original)


# --- Requests that reach the site ---


@contextmanager
def requests(recording: Recording, door: Door) -> Iterator[None]:
    """Every request and WebSocket that passes the door, but for the page in a pane beside the
    notebook: that is loaded anew whenever something has changed."""
    open_spans: dict[int, Span] = {}

    def listener(moment: Moment, request: Request) -> None:
        if moment == "start":
            open_spans[request.number] = _begin(recording, request)
        elif request.number in open_spans:
            recording.finish(open_spans.pop(request.number), _how_it_ended(request))

    door.listeners.append(listener)
    try:
        yield
    finally:
        door.listeners.remove(listener)


def _begin(recording: Recording, request: Request) -> Span:
    path = request.path.partition("?")[0]
    if request.kind == "websocket":
        return recording.begin("socket", f"WebSocket {path}", request.path)
    name = f"{request.method} {path}"
    return recording.begin("request", name, request.path, hidden=request.framed)


def _how_it_ended(request: Request) -> str:
    if request.error:
        return ended_by(request.error)
    if request.status is None:
        return "no answer"
    return _status(request.status)


def _status(code: int) -> str:
    return str(code) if code >= 400 else ""


# --- Calls to the outside ---


@contextmanager
def calls(recording: Recording, ignore: Collection[str]) -> Iterator[None]:
    """Every call that httpx sends, until its headers come; not those to a `host:port` of `ignore`.

    The notebook's own requests to the site are such: the site tells of them itself.
    """

    def note(request: httpx.Request) -> Any:
        return recording.span("call", call_name(request), f"{request.method} {request.url}")

    def ignored(request: httpx.Request) -> bool:
        return request.url.netloc.decode("ascii") in ignore

    def wrap_async(send: Callable[..., Any]) -> Callable[..., Any]:
        async def sending(self: Any, request: httpx.Request) -> httpx.Response:
            if ignored(request):
                return await send(self, request)  # type: ignore[no-any-return]
            with note(request) as span:
                response: httpx.Response = await send(self, request)
                span.status = _status(response.status_code)
                return response

        return sending

    def wrap(send: Callable[..., Any]) -> Callable[..., Any]:
        def sending(self: Any, request: httpx.Request) -> httpx.Response:
            if ignored(request):
                return send(self, request)  # type: ignore[no-any-return]
            with note(request) as span:
                response: httpx.Response = send(self, request)
                span.status = _status(response.status_code)
                return response

        return sending

    with (
        replaced(httpx.AsyncHTTPTransport, "handle_async_request", wrap_async),
        replaced(httpx.HTTPTransport, "handle_request", wrap),
    ):
        yield


def call_name(request: httpx.Request) -> str:
    """`GET /payments/` on this machine, `GET example.org/payments/` elsewhere."""
    host = "" if request.url.host in _LOOPBACK else request.url.host
    return f"{request.method} {host}{request.url.path}"


# --- Queries ---


@contextmanager
def queries(recording: Recording) -> Iterator[None]:
    """Every statement that Django sends to a database, in any thread, on any connection.

    Django's own seam, `connection.execute_wrapper`, reaches the connections of one thread only.
    A query lasts until the database answers; reading many rows from it afterwards isn't counted.
    """

    def wrap(execute: Callable[..., Any]) -> Callable[..., Any]:
        def executing(self: CursorWrapper, sql: str, *args: Any, **kwargs: Any) -> Any:
            with recording.span("query", query_name(sql), str(sql)):
                return execute(self, sql, *args, **kwargs)

        return executing

    with (
        replaced(CursorWrapper, "execute", wrap),
        replaced(CursorWrapper, "executemany", wrap),
    ):
        yield


def query_name(sql: str) -> str:
    """`SELECT blog_post` for `SELECT "blog_post"."id" ... FROM "blog_post" ...`."""
    verb = str(sql).split(None, 1)[0].upper() if str(sql).strip() else "(empty)"
    table = _TABLE.search(str(sql))
    return f"{verb} {table[1]}" if table else verb


# --- Tasks that run in this process ---


@contextmanager
def tasks(recording: Recording) -> Iterator[None]:
    """Every huey task that runs in this process, where the project uses huey at all.

    A worker is a process apart: what it does is not seen here.
    """
    djhuey = sys.modules.get("huey.contrib.djhuey")
    if djhuey is None:
        yield
        return
    open_spans: dict[str, Span] = {}

    def receiver(signal: str, task: Any, *_: object) -> None:
        if signal == "executing":
            open_spans[task.id] = recording.begin("task", task.name, repr(task))
        elif signal in _ENDS and task.id in open_spans:
            recording.finish(open_spans.pop(task.id), _ENDS[signal])

    djhuey.HUEY.signal()(receiver)
    try:
        yield
    finally:
        djhuey.HUEY.disconnect_signal(receiver)


# How huey says that a task is over, and what a span says then.
_ENDS = {
    "complete": "",
    "error": "failed",
    "timeout": "timed out",
    "locked": "locked",
    "rate-limited": "rate limited",
    "canceled": "cancelled",
    "interrupted": "interrupted",
    "retrying": "tried again",
}
