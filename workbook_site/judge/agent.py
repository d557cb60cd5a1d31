"""The judge's hands inside the judged process: verbs on a socket, one JSON object a line.

    {"id": 7, "verb": "call", "path": "blog.services.total", "args": [3], "kwargs": {}}
    {"id": 7, "value": 42}          or  {"id": 7, "error": {...}}  (the learner's own exception)
    {"id": 8, "trouble": "..."}     a sentence: it can't be done

Each answer also tells the virtual time at that moment, as `now` and `blocked`; see `judge.clock`.
Nothing that is said here decides a check by itself: values are compared outside.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from workbook_site.judge import mishap, sight, writes
from workbook_site.judge.clock import Clock
from workbook_site.judge.door import Door

# Longest line either side reads or writes, in bytes.
LINE = 1024 * 1024
TOO_LONG = "The answer of {verb} is longer than a megabyte."
NOT_JSON = "{path} returned {value}, which JSON can't carry: return numbers, text, lists or dicts."

Verb = Callable[..., Awaitable[Any]]


class Trouble(Exception):
    """A verb can't be carried out; the sentence says why."""


class Agent(asyncio.Protocol):
    """Answers the judge's requests; several may be under way at once."""

    def __init__(self, folder: Path, clock: Clock, door: Door) -> None:
        self.folder, self.clock, self.door = folder, clock, door
        self._rest = b""
        self._tasks: set[asyncio.Task[None]] = set()
        self._lost: list[str] = []
        self._verbs: dict[str, Verb] = {
            "look": self.look,
            "time": self.time,
            "advance": self.advance,
            "where": self.where,
            "lost": self.lost,
            "mishap": self.mishap,
            "queries": self.queries,
            "hold_writes": self.hold_writes,
            "let_write": self.let_write,
        }

    def learn(self, verbs: dict[str, Verb]) -> None:
        """More verbs, by name."""
        self._verbs.update(verbs)

    # --- The line ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Called by the loop; starts one task for each whole line."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            task = asyncio.get_running_loop().create_task(self._answer(json.loads(line)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, asked: dict[str, Any]) -> None:
        number, verb = asked.pop("id"), asked.pop("verb")
        try:
            told = {"value": await self._verbs[verb](**asked)}
        except Trouble as trouble:
            told = {"trouble": str(trouble)}
        except (Exception, SystemExit) as error:
            told = {"error": mishap.describe(error, self.folder)}
        time = {"now": self.clock.now, "blocked": self.clock.blocked}
        self.say({"id": number, **time, **told}, asked.get("path", verb))

    def say(self, told: dict[str, Any], what: str = "") -> None:
        """Write one line to the judge."""
        try:
            line = json.dumps(told).encode()
        except (TypeError, ValueError):
            value = repr(told.pop("value", None))[:200]
            return self.say({**told, "trouble": NOT_JSON.format(path=what, value=value)})
        if len(line) >= LINE:
            kept = {name: told[name] for name in ("id", "now", "blocked")}
            return self.say({**kept, "trouble": TOO_LONG.format(verb=what)})
        self._transport.write(line + b"\n")

    # --- Looking and letting time pass ---

    async def look(self, turns: int, times: int = 1) -> dict[str, Any]:
        """Let the loop turn, then tell what is going on in this process.

        Look again as long as nothing is, up to so many `times`. `alike`: so many looks in a row,
        the last one among them, saw the same.
        """
        before, alike = None, 0
        for _ in range(times):
            await _turn(turns)
            seen = sight.look(self.clock)
            now = (seen["switches"], seen["reading"])
            alike = alike + 1 if now == before else 1
            before = now
            if sight.busy(seen):
                break
        return {**seen, "alike": alike}

    async def time(self) -> None:
        """Nothing but what each answer tells."""

    async def advance(self, seconds: float) -> None:
        """Let virtual time pass; whoever is due then has begun."""
        self.clock.advance(seconds)
        await _turn(2)

    async def where(self) -> list[mishap.Data]:
        """Where the learner's coroutines and threads are waiting, the innermost frame of each."""
        return sight.where(self.folder)

    async def lost(self) -> list[str]:
        """Exceptions, as `Type: message`, that the event loop could hand to nobody."""
        return self._lost

    def keep_lost(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Called by the loop, for each of them. Whoever waited for their outcome waits for ever."""
        error = context.get("exception")
        self._lost = [*self._lost[-9:], f"{type(error).__name__}: {error}"[:500]]
        loop.default_exception_handler(context)

    async def mishap(self, request: str) -> mishap.Data | None:
        """What the learner's code raised while it served this request."""
        error = self.door.mishaps.pop(request, None)
        return None if error is None else mishap.describe(error, self.folder)

    async def queries(self, request: str) -> list[str]:
        """What the learner's code asked its databases while it served this request."""
        return list(self.door.queries.get(request, ()))

    async def hold_writes(self, hold: bool) -> None:
        """Close the gate before the databases, or open it; see `judge.writes`."""
        if hold:
            writes.gate.close()
        else:
            writes.gate.open()

    async def let_write(self) -> None:
        """Let pass whoever waits before the gate."""
        writes.gate.let_go()


async def _turn(times: int) -> None:
    """Let the event loop turn so often."""
    for _ in range(times):
        await asyncio.sleep(0)
