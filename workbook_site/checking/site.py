"""The Site: what a check may ask of a judged project, and all that it may ask.

There is one implementation. It speaks HTTP and WebSockets to a real web server on a Unix socket,
has the project's functions called over a second one, and reads files, rows and mails itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import string
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from workbook_site.checking import bounded, client
from workbook_site.checking.answer import Answer
from workbook_site.checking.data import learners
from workbook_site.checking.failure import Failure
from workbook_site.checking.judged import Judged, explain
from workbook_site.checking.outbox import Mail
from workbook_site.checking.services import Services
from workbook_site.checking.stream import Stream
from workbook_site.checking.tasks import Tasks
from workbook_site.checking.websocket import Socket

if TYPE_CHECKING:
    import httpx

    from workbook_site.checking.patience import Patience

T = TypeVar("T")

# No two requests of one process share a number, whichever check sends them.
_numbers = itertools.count(1)

ORIGIN = "http://localhost"
# Names a request to the judged process, so that an exception is known to be its.
REQUEST = "x-judge-request"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# The cookie and the header agree: that is all Django's CSRF protection asks of a client.
CSRF = "c" * 32

BROKEN_OFF = "{request} got no answer: the connection was closed."
BROKEN_OFF_NUDGE = "Did the server end, or close the connection, in the middle of its answer?"
NO_FILE = "Your project has no file {path} any more."


class Site:
    """A judged project. `seed` makes the same random inputs again.

    `random`, `word()` and `number()` give the inputs, so that no answer can know them.
    """

    def __init__(self, process: Judged, patience: Patience, seed: int = 0, name: str = "") -> None:
        self._process = process
        self._patience = patience
        self._blocked_before = patience.blocked
        self.seed = seed
        # Another check draws other inputs, whatever stands before it.
        self.random = random.Random(f"{seed} {name}")
        self.upstream = Services(patience.upstream)
        self.tasks = Tasks(process.read, patience)
        self._client: httpx.AsyncClient | None = None
        self._sockets: list[str] = []

    async def close(self) -> None:
        """Let go all connections."""
        if self._client is not None:
            await self._client.aclose()

    # --- Inputs ---

    def word(self) -> str:
        """A lowercase word that nobody has seen."""
        return "".join(self.random.choices(string.ascii_lowercase, k=9))

    def number(self, low: int = 1, high: int = 999) -> int:
        """A number from `low` to `high`, both included."""
        return self.random.randint(low, high)

    # --- HTTP ---

    async def get(self, path: str, **options: Any) -> Answer:
        """Ask for a page; see `request`."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> Answer:
        """Send something; see `request`."""
        return await self.request("POST", path, **options)

    async def request(
        self,
        method: str,
        path: str,
        *,
        user: str | None = None,
        csrf: bool = True,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Answer:
        """Send one request and wait for the whole answer; time passes as it must.

        `user` is logged in first, and made when missing. The other options are httpx's. Raises
        `Failure` when no answer will ever come.
        """
        number, began = str(next(_numbers)), self._patience.now
        told = f"{method} {path}"
        sent = await self._headers(method, number, user, csrf, headers, cookies)
        work = self._exchange(told, self._http.build_request(method, path, headers=sent, **options))
        response, text = await self._patience.until(work, f"to answer {told}")
        return Answer(
            request=told,
            path=path,
            code=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            text=text,
            waited=self._patience.now - began,
            number=number,
            mishap=await self._mishap(number) if response.status_code >= 500 else None,
        )

    async def together(self, *work: Coroutine[Any, Any, T]) -> list[T]:
        """Do several things at once; their outcomes in order. The first failure ends the rest."""
        tasks = [asyncio.ensure_future(each) for each in work]
        try:
            return list(await asyncio.gather(*tasks))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def stream(
        self,
        path: str,
        *,
        user: str | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> AsyncIterator[Stream]:
        """Read an answer bit by bit. Leaving the block means that the client goes away."""
        told = f"GET {path}"
        number = str(next(_numbers))
        sent = await self._headers("GET", number, user, False, headers, None)
        request = self._http.build_request("GET", path, headers=sent, **options)
        response = await self._patience.until(
            self._send(told, request), f"to begin to answer {told}"
        )
        stream = Stream(told, response, self._patience, partial(self._mishap, number))
        try:
            yield stream
        finally:
            await stream.close()
            await response.aclose()

    @contextlib.asynccontextmanager
    async def socket(
        self,
        path: str,
        *,
        user: str | None = None,
        origin: str | None = ORIGIN,
        headers: Mapping[str, str] | None = None,
        subprotocols: Sequence[str] = (),
    ) -> AsyncIterator[Socket]:
        """Open a WebSocket. A refused handshake is no failure yet: see `Socket.accepted`."""
        sent = await self._headers("GET", str(next(_numbers)), user, False, headers, None)
        connecting = self._connect(path, sent, origin, subprotocols)
        socket = await self._patience.until(connecting, f"to accept the WebSocket {path}")
        try:
            yield socket
        finally:
            await socket.close()

    # --- The project from inside ---

    async def call(self, path: str, *args: Any, **kwargs: Any) -> Any:
        """Call a function of the project, sync or async, by its dotted path; what it returns.

        Arguments and the value are what JSON can carry.
        """
        told = {"path": path, "args": list(args), "kwargs": kwargs}
        return learners(await self._patience.ask(f"in {path}", "call", **told))

    async def add(self, model: str, **fields: Any) -> Any:
        """Create one row of `app.Model`; its primary key."""
        return (await self.add_all(model, [fields]))[0]

    async def add_all(self, model: str, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Create a row of `app.Model` for each of these fields, in this order; their primary keys.

        It is one question, where each row by itself is one.
        """
        told = [dict(row) for row in rows]
        keys = await self._patience.ask(f"to save a {model}", "add", model=model, rows=told)
        # Who took the process over may tell fewer.
        return [*keys, *[None] * len(told)][: len(told)]

    async def change(self, model: str, equals: Mapping[str, Any], **fields: Any) -> int:
        """Change the rows of `app.Model` whose fields equal these, as another process of the
        project may do at any moment; how many there were."""
        told = {"model": model, "equals": dict(equals), "fields": fields}
        changed: int = await self._process.ask("change", **told)
        return changed

    async def rows(self, model: str, **equals: Any) -> list[dict[str, Any]]:
        """The rows of `app.Model` whose columns equal these, read from the file."""
        found: list[dict[str, Any]] = await self._process.read("rows", model=model, equals=equals)
        return found

    @contextlib.asynccontextmanager
    async def writes_held(
        self, meanwhile: Callable[[], Awaitable[Any]] | None = None
    ) -> AsyncIterator[None]:
        """Inside the block, whoever wants to write to a database waits until nothing else happens.

        So of requests that come together, all have read before the first of them writes. What is
        to happen `meanwhile` (a `change`) is done then, once, before anybody may write.
        """
        await self._process.ask("hold_writes", hold=True)
        self._patience.before_a_write = meanwhile
        try:
            yield
        finally:
            self._patience.before_a_write = None
            await self._process.ask("hold_writes", hold=False)

    async def queries(self, answer: Answer) -> list[str]:
        """The SQL that the project sent to its databases for this answer, in order.

        Statements that begin or end a transaction don't count. The values are left out.
        """
        asked: list[str] = await self._process.ask("queries", request=answer.number)
        return asked

    async def outbox(self) -> list[Mail]:
        """The mails that the project sent."""
        return [Mail(**each) for each in await self._process.read("outbox")]

    def source(self, path: str) -> str:
        """The text of a file of the project."""
        try:
            return self._process.source(path)
        except (LookupError, OSError, ValueError):
            raise Failure(NO_FILE.format(path=path)) from None

    # --- Time ---

    async def quiet(self) -> None:
        """Wait until the project does nothing any more. No time passes."""
        await self._patience.quiet()

    async def advance(self, seconds: float) -> None:
        """Let virtual time pass; timers on the way fire in their order."""
        await self._patience.advance(seconds)

    @property
    def now(self) -> float:
        """Virtual seconds since the judged process began."""
        return self._patience.now

    @property
    def blocked(self) -> float:
        """Virtual seconds for which `time.sleep` held the event loop's thread in this check."""
        return self._patience.blocked - self._blocked_before

    # --- How ---

    @property
    def _http(self) -> httpx.AsyncClient:
        if self._client is None:  # many checks ask for no page
            # No TLS on a Unix socket, so no certificates; and it is Patience that waits.
            httpx, address = client.httpx, str(self._process.address)
            through = httpx.AsyncHTTPTransport(uds=address, verify=False)
            self._client = httpx.AsyncClient(transport=through, base_url=ORIGIN, timeout=None)
        return self._client

    async def _headers(
        self,
        method: str,
        number: str,
        user: str | None,
        csrf: bool,
        headers: Mapping[str, str] | None,
        cookies: Mapping[str, str] | None,
    ) -> dict[str, str]:
        sent, jar = dict(headers or {}), dict(cookies or {})
        sent[REQUEST] = number
        if user is not None:
            session = await self._patience.ask("to log in", "login", user=user)
            jar[str(session["name"])] = str(session["value"])
        if csrf and method not in SAFE:
            jar["csrftoken"] = sent["x-csrftoken"] = CSRF
        if jar:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        return sent

    async def _exchange(self, told: str, request: httpx.Request) -> tuple[httpx.Response, str]:
        response = await self._send(told, request)
        try:
            return response, await bounded.text(response, told)
        except (client.httpx.TransportError, client.httpx.DecodingError):
            raise await self._broken_off(told, request.headers[REQUEST]) from None

    async def _send(self, told: str, request: httpx.Request) -> httpx.Response:
        self._http.cookies.clear()  # each request stands for itself
        try:
            return await self._http.send(request, stream=True)
        except client.httpx.TransportError:
            raise await self._broken_off(told, request.headers[REQUEST]) from None

    async def _connect(
        self,
        path: str,
        headers: Mapping[str, str],
        origin: str | None,
        subprotocols: Sequence[str],
    ) -> Socket:
        mishap = partial(self._mishap, headers[REQUEST])
        self._sockets.append(headers[REQUEST])
        socket = partial(Socket, path, self._patience, mishap, self._mishap_of_any_socket)
        try:
            connection = await client.unix_connect(
                str(self._process.address),
                uri=f"ws://localhost{path}",
                origin=origin,
                additional_headers=dict(headers),
                subprotocols=list(subprotocols) or None,
                open_timeout=None,
                ping_interval=None,
                close_timeout=1,
                compression=None,
            )
        except client.InvalidStatus as refused:
            code = refused.response.status_code
            return socket(None, code, await mishap() if code >= 500 else None)
        except (client.InvalidHandshake, OSError, EOFError):
            raise await self._broken_off(path, headers[REQUEST]) from None
        return socket(connection)

    async def _broken_off(self, told: str, number: str) -> Failure:
        raised = await self._mishap(number)
        if raised:
            return Failure(**explain(raised))
        return Failure(BROKEN_OFF.format(request=told), nudge=BROKEN_OFF_NUDGE)

    async def _mishap_of_any_socket(self) -> Mapping[str, Any] | None:
        for number in reversed(self._sockets):
            if raised := await self._mishap(number):
                return raised
        return None

    async def _mishap(self, number: str) -> Mapping[str, Any] | None:
        told: Mapping[str, Any] | None = await self._process.ask("mishap", request=number)
        return told
