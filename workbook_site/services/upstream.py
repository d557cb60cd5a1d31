"""The slow outside services, as one real HTTP server whose manners are set by whoever owns it.

The first segment of a path names the service: `/payments/orders/3/` is the service `payments`.
Every name answers; `Behaviour` says how, `Recorder` remembers what was asked and what was in
flight together.

    async with Upstream() as upstream:                 # in somebody's running loop (the judge)
        upstream.set("payments", reply={"total": 7})
        upstream.hold(2)                               # answer no one until two ask at once
    python -m workbook_site.services.upstream          # in a process of its own (the notebook)

The second form also answers under `/_control/`, which `live.upstream` speaks. The first does not:
code that is judged must not set the services that it is judged by.
"""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import difflib
import json
import math
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import h11

HOST = "127.0.0.1"
CONTROL = "_control"
READY = "upstream listening on "

NO_SUCH_KNOB = "A service has no {knob!r}.{near} It has: {knobs}."
BAD_KNOB = "{knob}={value!r} is not {wanted}."


@dataclasses.dataclass(frozen=True)
class Behaviour:
    """How one service answers. The first of these that applies decides.

    hang: takes the request and never answers; the client has to give up.
    disconnect: closes the connection without an answer.
    at_once: with more than this many requests in flight at the service, answers 429 at once.
    per_second: past this many requests in one second, answers 429 at once, with `Retry-After`.
    fail_first: the first so many requests are answered 503.
    status, reply: the status, and the JSON value to send (None: the service's usual answer).
    latency: seconds before the answer (a 429 does not wait for it).
    """

    latency: float = 0.3
    status: int = 200
    reply: Any = None
    hang: bool = False
    disconnect: bool = False
    fail_first: int = 0
    at_once: int | None = None
    per_second: int | None = None

    def changed(self, **knobs: Any) -> Behaviour:
        """A copy with these knobs set. TypeError for an unknown one, ValueError for a bad value."""
        for knob, value in knobs.items():
            _check(knob, value)
        return dataclasses.replace(self, **knobs)

    def __str__(self) -> str:
        """What is out of the ordinary, in words: `0.3 s, status 503, hangs`."""
        said = [f"{self.latency:g} s"]
        if self.status != 200:
            said.append(f"status {self.status}")
        if self.hang:
            said.append("hangs")
        if self.disconnect:
            said.append("hangs up")
        if self.fail_first:
            said.append(f"fails the first {self.fail_first}")
        if self.at_once is not None:
            said.append(f"at most {self.at_once} at once")
        if self.per_second is not None:
            said.append(f"at most {self.per_second} a second")
        return ", ".join(said)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


_WANTED: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "latency": ("a number of seconds, 0 or more", lambda v: _is_number(v) and v >= 0),
    "status": (
        "an HTTP status from 200 to 599",
        lambda v: isinstance(v, int) and 200 <= v <= 599,
    ),
    "reply": ("a value that JSON can carry", lambda v: _is_json(v)),
    "hang": ("True or False", lambda v: isinstance(v, bool)),
    "disconnect": ("True or False", lambda v: isinstance(v, bool)),
    "fail_first": ("a count, 0 or more", lambda v: type(v) is int and v >= 0),
    "at_once": ("a count above 0, or None", lambda v: v is None or (type(v) is int and v > 0)),
    "per_second": ("a count above 0, or None", lambda v: v is None or (type(v) is int and v > 0)),
}


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True


def _check(knob: str, value: Any) -> None:
    if knob not in _WANTED:
        close = difflib.get_close_matches(knob, _WANTED, 1)
        near = f" Did you mean {close[0]!r}?" if close else ""
        raise TypeError(NO_SUCH_KNOB.format(knob=knob, near=near, knobs=", ".join(_WANTED)))
    wanted, good = _WANTED[knob]
    if not good(value):
        raise ValueError(BAD_KNOB.format(knob=knob, value=value, wanted=wanted))


@dataclasses.dataclass
class Call:
    """One request that reached a service.

    number counts from 1 since the last reset. in_flight counts the requests in flight at all
    services when this one came, itself included. arrived and left are seconds on the server's
    monotonic clock, for drawing only. status is None until an answer is sent, and stays None when
    the service hung up or the client went away; the latter sets cancelled.
    """

    service: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str
    connection: int
    number: int = 0
    in_flight: int = 0
    arrived: float = 0.0
    left: float | None = None
    status: int | None = None
    cancelled: bool = False

    @property
    def json(self) -> Any:
        """The body read as JSON; ValueError when it is not."""
        return json.loads(self.body)


class Recorder:
    """What was asked since it was made: the calls, and how many were in flight together."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.calls: list[Call] = []
        self.most_in_flight = 0
        self.most_in_flight_of: collections.Counter[str] = collections.Counter()
        self._now: collections.Counter[str] = collections.Counter()

    @property
    def in_flight(self) -> int:
        """Requests that have come and not been answered, at all services."""
        return self._now.total()

    @property
    def connections(self) -> int:
        """How many different connections the calls came over."""
        return len({call.connection for call in self.calls})

    def in_flight_of(self, service: str) -> int:
        """The same, at one service."""
        return self._now[service]

    def calls_of(self, service: str) -> list[Call]:
        """The calls of one service, in the order in which they came."""
        return [call for call in self.calls if call.service == service]

    def arrive(self, call: Call) -> None:
        """Note a call that has come: gives it its number, `in_flight` and `arrived`."""
        self._now[call.service] += 1
        call.arrived, call.in_flight = self.clock(), self.in_flight
        self.calls.append(call)
        call.number = len(self.calls)
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        most = self.most_in_flight_of
        most[call.service] = max(most[call.service], self._now[call.service])

    def leave(self, call: Call) -> None:
        """Note that a call is over, answered or not."""
        self._now[call.service] -= 1
        call.left = self.clock()


@dataclasses.dataclass(frozen=True)
class Reply:
    """An answer ready to send: a status, a JSON value, headers beyond the usual ones."""

    status: int
    value: Any
    headers: tuple[tuple[str, str], ...] = ()


USUAL: dict[str, dict[str, Any]] = {
    "payments": {"total": 4210, "currency": "EUR", "payments": 37},
    "analytics": {"visitors": 3187, "views": 9021, "top": "Why async?"},
    "weather": {"city": "Utrecht", "celsius": 14, "sky": "drizzle"},
    "subscribers": {"total": 512, "new": 8},
    "mail": {"accepted": True},
    "spam": {"spam": False, "score": 0.02},
    "search": {"hits": 3, "titles": ["Why async?", "Await", "Tasks"]},
}


def usual(call: Call) -> dict[str, Any]:
    """What a service says when nobody told it what to say."""
    more = USUAL.get(call.service, {"path": call.path, "query": call.query})
    return {"service": call.service, **more}


class Limit:
    """Lets `per_second` calls a second through: a window of one second that slides."""

    def __init__(self) -> None:
        self._let: collections.deque[float] = collections.deque()

    def wait(self, per_second: int, now: float) -> float:
        """0 when the call may pass now, else the seconds until one may."""
        while self._let and now - self._let[0] >= 1:
            self._let.popleft()
        if len(self._let) < per_second:
            self._let.append(now)
            return 0.0
        return 1 - (now - self._let[0])


class Gate:
    """Holds whoever comes until `n` are there together, or until they are let go.

    It closes again behind them: the next `n` meet here too. n=0: nobody is held.
    """

    def __init__(self, n: int = 0) -> None:
        self.n = n
        self._held: set[asyncio.Future[None]] = set()

    @property
    def held(self) -> int:
        """How many wait at the gate."""
        return len(self._held)

    def enter(self) -> asyncio.Future[None]:
        """A place at the gate; done when the one who has it may go on. Cancel it to leave."""
        here: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._held.add(here)
        here.add_done_callback(self._held.discard)
        if len(self._held) >= self.n:
            self.release()
        return here

    def release(self) -> None:
        """Let go everybody who is held now."""
        held, self._held = self._held, set()
        for one in held:
            if not one.done():
                one.set_result(None)


class Upstream:
    """The services in the running loop: set them, hold them, read what they were asked.

    Use it as an async context manager; every connection is closed at its end. `latency` is what a
    service waits unless it is set. `sleep` and `clock` may be somebody else's time.
    """

    def __init__(
        self,
        *,
        latency: float = 0.0,
        port: int = 0,
        control: bool = False,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._first = Behaviour().changed(latency=latency)
        self._port, self._sleep, self._clock = port, sleep, clock
        self.control = control
        self._socket: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()
        self._connection_count = 0
        self._watchers: set[asyncio.Future[None]] = set()
        self._gate = Gate()
        self._start_over()

    def _start_over(self) -> None:
        self.default = self._first
        self.behaviours: dict[str, Behaviour] = {}
        self.recorder = Recorder(self._clock)
        self._limits: collections.defaultdict[str, Limit] = collections.defaultdict(Limit)
        self._failures: collections.Counter[str] = collections.Counter()

    # --- What the owner sets ---

    def behaviour(self, service: str) -> Behaviour:
        """How this service behaves now."""
        return self.behaviours.get(service, self.default)

    def set(self, *services: str, **knobs: Any) -> None:
        """Set knobs of these services (of every service when none is named); see `Behaviour`.

        TypeError for an unknown knob, ValueError for a value that it can't have. What is in flight
        already goes on as it began.
        """
        if not services:
            self.default = self.default.changed(**knobs)
            self._failures.clear()
            services = tuple(self.behaviours)
        changed = {name: self.behaviour(name).changed(**knobs) for name in services}
        self.behaviours.update(changed)
        for name in changed:
            self._failures[name] = 0
            self._limits.pop(name, None)

    def reset(self) -> None:
        """Every service as it was at first, no call remembered, whoever waits is hung up on."""
        self._start_over()
        self.hold(0)
        for connection in tuple(self._connections):
            if connection.serving:
                connection.hang_up()

    def hold(self, n: int) -> None:
        """From now on hold every request until `n` are held together; 0 holds nobody.

        Those held now are let go first.
        """
        self._gate.release()
        self._gate.n = n

    def release(self) -> None:
        """Let go the requests that are held now; later ones are held as before."""
        self._gate.release()

    # --- What the owner reads ---

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, without a slash at the end."""
        assert self._server is not None, "an Upstream has an address inside `async with` only"
        return f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"

    @property
    def calls(self) -> list[Call]:
        """Every call since the last reset, in the order in which they came."""
        return self.recorder.calls

    @property
    def in_flight(self) -> int:
        """Requests that have come and not been answered."""
        return self.recorder.in_flight

    @property
    def most_in_flight(self) -> int:
        """The most that were ever in flight together since the last reset."""
        return self.recorder.most_in_flight

    @property
    def connections(self) -> int:
        """How many different connections the calls came over."""
        return self.recorder.connections

    @property
    def held(self) -> int:
        """How many requests `hold` holds now."""
        return self._gate.held

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until the condition holds; it is asked again at each arrival, hold and leave."""
        while not condition():
            change: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._watchers.add(change)
            try:
                await change
            finally:
                self._watchers.discard(change)

    def _tell(self) -> None:
        for watcher in self._watchers:
            if not watcher.done():
                watcher.set_result(None)

    # --- Serving ---

    def listen_on(self, listening: socket.socket) -> None:
        """Serve on this listening socket, which may belong to another network namespace."""
        self._socket = listening

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        if self._socket is not None:
            self._server = await loop.create_server(self._connect, sock=self._socket)
        else:
            self._server = await loop.create_server(
                self._connect, HOST, self._port, backlog=1024, reuse_address=True
            )
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._server is not None
        self._server.close()
        tasks = [connection.task for connection in self._connections if connection.task]
        for connection in tuple(self._connections):
            connection.hang_up()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()

    def _connect(self) -> _Connection:
        self._connection_count += 1
        return _Connection(self, self._connection_count, self._connections)

    async def serve(self, call: Call) -> Reply | None:
        """Answer one call, in the service's own time; None: hang up on the client."""
        recorder = self.recorder  # a call that outlives a reset belongs to the one before
        recorder.arrive(call)
        self._tell()
        try:
            reply = await self._decide(call)
            call.status = reply.status if reply else None
            return reply
        except asyncio.CancelledError:
            call.cancelled = True
            raise
        finally:
            recorder.leave(call)
            self._tell()

    async def _decide(self, call: Call) -> Reply | None:
        behaviour = self.behaviour(call.service)
        refusal = self._refuse(call, behaviour)
        if refusal:
            return refusal
        may_go = self._gate.enter()
        self._tell()
        await may_go
        if behaviour.hang:
            await asyncio.get_running_loop().create_future()
        await self._sleep(behaviour.latency)
        if behaviour.disconnect:
            return None
        return self._say(call, behaviour)

    def _refuse(self, call: Call, behaviour: Behaviour) -> Reply | None:
        name = call.service
        if behaviour.at_once is not None and self.recorder.in_flight_of(name) > behaviour.at_once:
            return _too_many(f"at most {behaviour.at_once} at once", 1)
        if behaviour.per_second is not None:
            wait = self._limits[name].wait(behaviour.per_second, self._clock())
            if wait:
                return _too_many(f"at most {behaviour.per_second} a second", math.ceil(wait))
        return None

    def _say(self, call: Call, behaviour: Behaviour) -> Reply:
        status = behaviour.status
        if self._failures[call.service] < behaviour.fail_first:
            self._failures[call.service] += 1
            status = 503
        if behaviour.reply is not None and status == behaviour.status:
            return Reply(status, behaviour.reply)
        if status >= 400:
            return Reply(status, {"service": call.service, "error": f"status {status}"})
        return Reply(status, usual(call))


def _too_many(limit: str, seconds: int) -> Reply:
    headers = (("Retry-After", str(seconds)),)
    return Reply(429, {"error": f"too many requests: {limit}"}, headers)


class _Connection(asyncio.Protocol):
    """One keep-alive connection: h11 reads and writes, one task answers at a time."""

    def __init__(self, upstream: Upstream, number: int, everybody: set[_Connection]) -> None:
        self.upstream, self.number, self.everybody = upstream, number, everybody
        self.http = h11.Connection(h11.SERVER)
        self.task: asyncio.Task[None] | None = None
        self.serving = False
        self.request: h11.Request | None = None
        self.body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.everybody.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.everybody.discard(self)
        if self.task:
            self.task.cancel()

    def hang_up(self) -> None:
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        try:
            self.http.receive_data(data)
            self._read()
        except h11.RemoteProtocolError as error:
            self._send(Reply(error.error_status_hint, {"error": str(error)}))

    def _read(self) -> None:
        while self.task is None:
            event = self.http.next_event()
            if event is h11.NEED_DATA or event is h11.PAUSED:
                return
            if isinstance(event, h11.Request):
                self.request, self.body = event, b""
            elif isinstance(event, h11.Data):
                self.body += event.data
            elif isinstance(event, h11.EndOfMessage):
                self.task = asyncio.get_running_loop().create_task(self._answer())
            else:
                self.transport.close()
                return

    async def _answer(self) -> None:
        call = self._call()
        if self.upstream.control and call.service == CONTROL:
            reply: Reply | None = control(self.upstream, call)
        else:
            self.serving = True
            reply = await self.upstream.serve(call)
            self.serving = False
        self.task = None
        self._send(reply) if reply else self.hang_up()

    def _call(self) -> Call:
        assert self.request is not None
        target = urlsplit(self.request.target.decode("latin-1"))
        return Call(
            service=target.path.split("/")[1] if target.path.startswith("/") else "",
            method=self.request.method.decode("ascii"),
            path=target.path,
            query=dict(parse_qsl(target.query, keep_blank_values=True)),
            headers={k.decode("latin-1"): v.decode("latin-1") for k, v in self.request.headers},
            body=self.body.decode("utf-8", "replace"),
            connection=self.number,
        )

    def _send(self, reply: Reply) -> None:
        body = json.dumps(reply.value).encode()
        headers = [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            *reply.headers,
        ]
        if self.http.our_state is h11.MUST_CLOSE or self.http.our_state is h11.ERROR:
            return self.transport.close()
        self._write(h11.Response(status_code=reply.status, headers=headers))
        if self.request is None or self.request.method != b"HEAD":
            self._write(h11.Data(data=body))
        self._write(h11.EndOfMessage())
        self._next()

    def _write(self, event: h11.Event) -> None:
        self.transport.write(self.http.send(event) or b"")

    def _next(self) -> None:
        if self.http.our_state is h11.DONE and self.http.their_state is h11.DONE:
            self.http.start_next_cycle()
            self._read()
        else:
            self.transport.close()


# --- In a process of its own ---


def control(upstream: Upstream, call: Call) -> Reply:
    """Carry out one request under `/_control/`: set, reset, hold, release, state or calls."""
    verb = call.path.split("/")[2]
    asked = call.json if call.body else {}
    try:
        if verb == "set":
            upstream.set(*asked["services"], **asked["knobs"])
        elif verb == "hold":
            upstream.hold(asked["n"])
        elif verb == "release":
            upstream.release()
        elif verb == "reset":
            upstream.reset()
    except (TypeError, ValueError) as error:
        return Reply(400, {"kind": type(error).__name__, "error": str(error)})
    if verb == "calls":
        return Reply(200, {"calls": [dataclasses.asdict(call) for call in upstream.calls]})
    return Reply(200, state(upstream))


def state(upstream: Upstream) -> dict[str, Any]:
    """All that there is to know about it but the calls themselves, as JSON can carry it."""
    recorder = upstream.recorder
    names = sorted({*upstream.behaviours, *(call.service for call in recorder.calls)})
    return {
        "default": dataclasses.asdict(upstream.default),
        "behaviours": {name: dataclasses.asdict(upstream.behaviour(name)) for name in names},
        "calls_of": {name: len(recorder.calls_of(name)) for name in names},
        "in_flight": recorder.in_flight,
        "in_flight_of": {name: recorder.in_flight_of(name) for name in names},
        "most_in_flight": recorder.most_in_flight,
        "most_in_flight_of": dict(recorder.most_in_flight_of),
        "connections": recorder.connections,
        "held": upstream.held,
    }


async def main(latency: float = 0.3) -> None:
    """Serve until somebody ends the process; the first line printed names the address."""
    async with Upstream(latency=latency, control=True) as upstream:
        print(READY + upstream.url, flush=True)
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
