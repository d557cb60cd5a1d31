"""`site.socket`: a WebSocket from a cell, in the words of the judge's own, each wait bounded."""

import asyncio
import contextlib
import json
import socket as sockets
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidStatus

from workbook_site.live import visitor, where
from workbook_site.live.door import Moment, Request
from workbook_site.live.running import Running
from workbook_site.live.saying import Told
from workbook_site.reload import ProjectError

NOBODY = "Nobody answers at {url} any more."
NOT_OPENED = "The WebSocket {path} was neither accepted nor refused within {seconds:g} seconds.{at}"
NOTHING_CAME = "No message came over the WebSocket {path} within {seconds:g} seconds.{at}"
NOT_ENDED = "The WebSocket {path} was not closed within {seconds:g} seconds.{at}"
AT = "\nThe consumer is at\n\n    {place}\n"
CLOSED = "The WebSocket {path} is closed (code {code})."
NOT_JSON = (
    "What came over the WebSocket {path} is no JSON: {text!r}. receive_text() takes it as it is."
)
CAME = "The WebSocket {path} brought a message, where it was to be closed: {text!r}"
REFUSED = "The WebSocket {path} was refused with HTTP status {code}.{why}"
RAISED = "\n{text}"
NO_ORIGIN = """
It bore no Origin header. AllowedHostsOriginValidator lets nobody in without one; a browser sends
it always, and so does site.socket() unless it is told origin=None."""
FOREIGN = """
Its origin was {origin}. AllowedHostsOriginValidator lets in only pages of the hosts in
ALLOWED_HOSTS, and of this machine while DEBUG is on."""
CLOSED_FIRST = """
Did the consumer call close() before accept()? Does AllowedHostsOriginValidator know the host?"""
OUTSIDE = "\nThe log of that web server says why."
ENDED_BADLY = "The consumer of {path} broke off:\n{text}"

# What `origin` is when nothing is said: the server's own address.
OWN = ""
# Seconds for the goodbye of either side.
GOODBYE = 1.0


class Watch:
    """Finds, at the door of the live site, the request that one connection becomes.

    `request` is None for a server outside, and for a connection that did not come to the door.
    """

    def __init__(self, running: Running | None, client: tuple[str, int]) -> None:
        self.request: Request | None = None
        self._running, self._client = running, client

    def __call__(self, moment: Moment, request: Request) -> None:
        """Listen at the door."""
        if moment == "start" and request.client == self._client:
            self.request = request

    @contextlib.contextmanager
    def listening(self) -> Any:
        """Listen inside this block."""
        listeners = self._running.door.listeners if self._running else []
        listeners.append(self)
        try:
            yield
        finally:
            listeners.remove(self)

    def error(self) -> str:
        """The learner's own exception that ended it, with their lines; empty when there is none."""
        error = self.request and self.request.error
        if not isinstance(error, Exception) or self._running is None:
            return ""
        return ProjectError(error, self._running.folder).text

    def place(self) -> str:
        """Where the consumer is in the learner's code, as the end of a sentence."""
        if self.request is None or self._running is None or self.request.finished:
            return ""
        place = where.of_request(self.request, self._running.server, self._running.folder)
        return AT.format(place=place) if place else ""

    async def finished(self) -> None:
        """Wait a moment for the consumer to end, once the connection has."""
        deadline = asyncio.get_running_loop().time() + GOODBYE
        while self.request is not None and self.request.finished is None:
            if asyncio.get_running_loop().time() > deadline:
                return
            await asyncio.sleep(0.002)


class Socket:
    """One WebSocket. `code` is 101, or the HTTP status with which the handshake was refused."""

    def __init__(
        self,
        path: str,
        origin: str | None,
        patience: float,
        watch: Watch,
        connection: ClientConnection | None,
        code: int = 101,
    ) -> None:
        self.path, self.code = path, code
        self.patience = patience
        self._origin, self._watch = origin, watch
        self._connection = connection
        self._next: asyncio.Task[str | None] | None = None
        self._told = False

    @property
    def rejected(self) -> bool:
        """Whether the handshake was refused."""
        return self._connection is None

    @property
    def subprotocol(self) -> str | None:
        """The one that the server chose, if it chose one."""
        return self._connection.subprotocol if self._connection else None

    def accepted(self) -> Self:
        """The socket itself. Raises `Told` when the handshake was refused."""
        self._open()
        return self

    async def send(self, data: Any) -> None:
        """Send data as JSON."""
        await self.send_text(json.dumps(data))

    async def send_text(self, text: str) -> None:
        """Send text as it is. Raises `Told` when the socket is closed."""
        try:
            await self._open().send(text)
        except ConnectionClosed:
            raise await self._closed() from None

    async def receive(self, within: float | None = None) -> Any:
        """The next message, as JSON data. Waits `within` seconds, else `patience`."""
        text = await self.receive_text(within)
        try:
            return json.loads(text)
        except ValueError:
            raise Told(NOT_JSON.format(path=self.path, text=text)) from None

    async def receive_text(self, within: float | None = None) -> str:
        """The next message, as text. Raises `Told` when none comes in time."""
        text = await self._take(NOTHING_CAME, within)
        if text is None:
            raise await self._closed()
        return text

    async def closed(self, within: float | None = None) -> int:
        """Wait until the server closes the socket; the code that it gives."""
        text = await self._take(NOT_ENDED, within)
        if text is not None:
            raise Told(CAME.format(path=self.path, text=text))
        self._told = True  # whoever asks for the code has been told
        return self._open().close_code or 1006

    async def close(self) -> None:
        """Go away. Raises `Told` for an exception of the consumer that nobody has seen yet."""
        if self._connection is None:
            return
        if self._next is not None:
            self._next.cancel()
            await asyncio.gather(self._next, return_exceptions=True)
        await self._connection.close()
        await self._watch.finished()

    def unseen(self) -> Told | None:
        """What the consumer raised, if no word on this socket has said so yet."""
        text = "" if self._told or self.rejected else self._watch.error()
        return Told(ENDED_BADLY.format(path=self.path, text=text)) if text else None

    def __repr__(self) -> str:
        if self._connection is None:
            return f"WebSocket {self.path}, refused with HTTP status {self.code}"
        code = self._connection.close_code
        return f"WebSocket {self.path}, {'open' if code is None else f'closed with code {code}'}"

    # --- How ---

    def _open(self) -> ClientConnection:
        if self._connection is None:
            told = REFUSED.format(path=self.path, code=self.code, why=self._why_refused())
            raise Told(told)
        return self._connection

    def _why_refused(self) -> str:
        raised = self._watch.error()
        if raised:
            return RAISED.format(text=raised)
        if self.code != 403:
            return OUTSIDE if self._watch.request is None else ""
        if self._origin is None:
            return NO_ORIGIN
        return CLOSED_FIRST if self._origin == OWN else FOREIGN.format(origin=self._origin)

    async def _closed(self) -> Told:
        await self._watch.finished()
        unseen = self.unseen()
        self._told = True
        return unseen or Told(CLOSED.format(path=self.path, code=self._open().close_code))

    async def _take(self, late: str, within: float | None) -> str | None:
        seconds = self.patience if within is None else within
        try:
            async with asyncio.timeout(seconds):
                # A message that was begun to be awaited is never thrown away.
                text = await asyncio.shield(self._reading())
        except TimeoutError:
            told = late.format(path=self.path, seconds=seconds, at=self._watch.place())
            raise Told(told) from None
        self._next = None
        return text

    def _reading(self) -> "asyncio.Task[str | None]":
        if self._next is None:
            self._next = asyncio.ensure_future(_receive(self._open()))
        return self._next


@contextlib.asynccontextmanager
async def opened(
    base: str,
    path: str,
    *,
    running: Running,
    user: str | None = None,
    origin: str | None = OWN,
    headers: Mapping[str, str] | None = None,
    subprotocols: Sequence[str] = (),
    patience: float = 10.0,
) -> AsyncIterator[Socket]:
    """A WebSocket to `path` of the server at `base`, for the length of a block.

    `user` is logged in first, and made when missing. A refused handshake raises nothing by itself:
    see `Socket.rejected`. Raises `Told` when nobody answers.
    """
    own = base == running.server.url
    cookies = await visitor.login(running, user) if user is not None else {}
    sent = visitor.with_cookies(headers or {}, cookies)
    raw = await _connected(base)
    watch = Watch(running if own else None, raw.getsockname())
    with watch.listening():
        said = base if origin == OWN else origin
        found = await _shaken(raw, base, path, said, sent, subprotocols, patience, watch)
        connection, code = found if isinstance(found, tuple) else (found, 101)
        socket = Socket(path, origin, patience, watch, connection, code)
        try:
            yield socket
        finally:
            await socket.close()
        unseen = socket.unseen()
        if unseen:
            raise unseen


async def _connected(base: str) -> sockets.socket:
    """A connection whose own address is known before the server hears of it."""
    address = urlsplit(base)
    raw = sockets.socket()
    raw.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(raw, (address.hostname, address.port))
    except OSError:
        raw.close()
        raise Told(NOBODY.format(url=base)) from None
    return raw


async def _shaken(
    raw: sockets.socket,
    base: str,
    path: str,
    origin: str | None,
    headers: Mapping[str, str],
    subprotocols: Sequence[str],
    patience: float,
    watch: Watch,
) -> ClientConnection | tuple[None, int]:
    """The handshake: an open connection, or None and the HTTP status of the refusal."""
    try:
        async with asyncio.timeout(patience):
            return await connect(
                f"ws{base.removeprefix('http')}{path}",
                sock=raw,
                proxy=None,
                origin=origin,  # type: ignore[arg-type]
                additional_headers=headers,
                subprotocols=list(subprotocols) or None,  # type: ignore[arg-type]
                open_timeout=None,
                ping_interval=None,
                close_timeout=GOODBYE,
                compression=None,
                max_queue=None,  # a cell that does not read must not make the server wait
            )
    except InvalidStatus as refused:
        return None, refused.response.status_code
    except TimeoutError:
        told = NOT_OPENED.format(path=path, seconds=patience, at=watch.place())
        raise Told(told) from None
    except (InvalidMessage, InvalidHandshake, OSError, EOFError):
        raise Told(watch.error() or NOBODY.format(url=base)) from None


async def _receive(connection: ClientConnection) -> str | None:
    try:
        message = await connection.recv()
    except ConnectionClosed:
        return None
    return message if isinstance(message, str) else message.decode("utf-8", "replace")
