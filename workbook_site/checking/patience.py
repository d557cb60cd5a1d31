"""Waiting for a judged process without a clock.

The process runs on virtual time, so it either does something or waits for something. `quiet`
comes back when it does nothing any more, measured in turns of its event loop. Then there are three
ways to go on: let go the requests that the upstream holds, let virtual time pass to the next
timer, or say that nothing will ever happen.
"""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from workbook_site.checking import nudges
from workbook_site.checking.failure import Failure
from workbook_site.checking.judged import Judged, at
from workbook_site.services.upstream import Upstream

# Virtual seconds that one request, line or message may take.
PATIENCE = 60.0
# Looks in a row at which nothing may have changed, and turns of the loop before each. So many
# does the process itself make for one question; what the upstream does is seen in between only.
LOOKS, TURNS, AT_ONCE = 6, 3, 3
# Real seconds: when to begin to look at all, and the pauses between looks while threads work.
GRACE, PAUSE, LONGEST_PAUSE = 0.01, 0.0005, 0.02
# `advance` passes at most so many timers one by one; past that it takes longer steps.
STEPS = 200
# Real seconds after which the watching thread is asked why the event loop does not answer.
STUCK = 0.02
# Sums of seconds are not exact: what is due within this is due.
A_MOMENT = 1e-9

STILL_WAITING = "Your project is still waiting {doing}, and nothing will ever wake it."
TOO_LONG = "After {seconds:.0f} (virtual) seconds your project is still waiting {doing}."
WAITING_NUDGE = "What does it wait for, and who would end that? A time limit is a way out."

# What `judge.sight` tells.
Look = dict[str, Any]

T = TypeVar("T")


class Waiting(Failure):
    """The project waits, and nothing will end that. `actual`: where, when it is its own code."""


class Patience:
    """The time of one judged process and of the upstream that it talks to."""

    def __init__(self, process: Judged) -> None:
        self._process = process
        self.now = 0.0
        self.blocked = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._stepping = asyncio.Lock()
        self._looking: asyncio.Future[Look] | None = None
        # Done when somebody waits to write, before they may; see `Site.writes_held`.
        self.before_a_write: Callable[[], Awaitable[None]] | None = None
        self.upstream = Upstream(sleep=self.sleep, clock=lambda: self.now)

    async def close(self) -> None:
        """Wait for nothing any more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def sleep(self, seconds: float) -> None:
        """Wait on virtual time: how the upstream's services are slow."""
        if seconds <= 0:
            return
        awake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._order), awake))
        await awake

    async def until(self, work: Awaitable[T], doing: str) -> T:
        """The outcome of `work`, which needs the judged process; time passes as it must.

        `doing` completes the sentence "your project is still waiting ...". Raises `Waiting` when
        nothing will ever bring it about, or `Gone` when the process ends meanwhile.
        """
        result = await self._until(work, doing)
        # A `time.sleep` may have moved the process's time without anybody looking.
        await self.ask("to tell the time", "time")
        return result

    async def ask(self, doing: str, verb: str, **arguments: Any) -> Any:
        """The same for a question to the process, whose answer tells the time anyway."""
        return await self._until(self._told(verb, **arguments), doing)

    async def _until(self, work: Awaitable[T], doing: str) -> T:
        task = asyncio.ensure_future(work)
        task.add_done_callback(_heard)
        began = self.now
        try:
            await self._either(task, GRACE)
            while not task.done():
                await self._step(task, began, doing)
            return task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def quiet(self, task: "asyncio.Future[Any] | None" = None) -> None:
        """Wait until the judged process does nothing any more, or `task` is done."""
        async with self._stepping:
            await self._quiet(task)

    async def advance(self, seconds: float) -> None:
        """Let virtual time pass; timers on the way fire in their order, each with its effects."""
        end, least = self.now + seconds, seconds / STEPS
        async with self._stepping:
            while self.now < end:
                look = await self._quiet()
                ahead = self._next(look)
                step = end - self.now if ahead is None else max(ahead, least)
                await self._pass(min(step, end - self.now), look)
            await self._quiet()

    # --- One step ---

    async def _step(self, task: "asyncio.Future[T]", began: float, doing: str) -> None:
        if self._process.gone.done():
            raise self._process.gone.result()
        async with self._stepping:
            look = await self._quiet(task)
            if task.done():
                return
            if look["writing"]:
                await self._let_write()
                return
            if self.upstream.held:
                self.upstream.release()
                await asyncio.sleep(0)
                return
            ahead = self._next(look)
            if ahead is None or self.now + ahead - began > PATIENCE:
                raise await self._give_up(ahead, began, doing, look)
            await self._pass(ahead, look)

    async def _let_write(self) -> None:
        before, self.before_a_write = self.before_a_write, None
        if before is not None:
            await before()
        await self._process.ask("let_write")

    async def _pass(self, seconds: float, look: Look) -> None:
        """Both sides' time goes on by so much."""
        due = self.now + seconds
        if look["stuck"]:
            await self._process.watch("advance", seconds=max(0.0, seconds))
        else:
            await self._told("advance", seconds=max(0.0, seconds))
        self.now = max(self.now, due)
        while self._sleepers and self._sleepers[0][0] <= self.now + A_MOMENT:
            awake = heapq.heappop(self._sleepers)[2]
            if not awake.done():
                awake.set_result(None)
        await asyncio.sleep(0)

    def _next(self, look: Look) -> float | None:
        """Virtual seconds to the next thing that is due on either side."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        ours = self._sleepers[0][0] - self.now if self._sleepers else None
        return min((x for x in (ours, look["next"]) if x is not None), default=None)

    async def _give_up(self, ahead: float | None, began: float, doing: str, look: Look) -> Waiting:
        nudge = WAITING_NUDGE
        if look["stuck"]:
            where = (await self._process.watch("stare"))["stack"]
        else:
            where = await self._process.ask("where")
            lost = map(nudges.nudge, map(str, await self._process.ask("lost")))
            nudge = next(filter(None, lost), nudge)
        place = at(where[-1]) if where else None
        message = STILL_WAITING if ahead is None else TOO_LONG
        return Waiting(
            message.format(doing=doing, seconds=self.now - began + (ahead or 0)),
            actual=place,
            nudge=nudge,
            traceback=place or "",
        )

    # --- One look ---

    async def _quiet(self, task: "asyncio.Future[Any] | None" = None) -> Look:
        """The same, for the one who has the turn; the last look."""
        alike, before, pause = 0, None, PAUSE
        while True:
            look = await self._look()
            now = (look["switches"], self._traffic())
            calm = self._calm(look)
            alike = look["alike"] + (alike if now == before else 0) if calm else 0
            if alike >= LOOKS or (task and task.done()):
                return look
            before = now
            if calm:
                pause = PAUSE
            else:
                await self._either(task, pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    async def _look(self) -> Look:
        """From the event loop, once it gets to it; from the watching thread as long as not."""
        asked_before = self._looking is not None
        if self._looking is None:
            self._looking = asyncio.ensure_future(
                self._process.ask("look", turns=TURNS, times=AT_ONCE)
            )
            self._looking.add_done_callback(_heard)
        await self._either(self._looking, PAUSE if asked_before else STUCK)
        if self._looking.done():
            looking, self._looking = self._looking, None
            look: Look = looking.result()
        else:
            look = (await self._process.watch("stare"))["look"]
        self._note(float(look["now"]), float(look["blocked"]))
        return look

    async def _told(self, verb: str, **arguments: Any) -> Any:
        answer = await self._process.ask(verb, **arguments)
        self._note(self._process.now, self._process.blocked)
        return answer

    def _note(self, now: float, blocked: float) -> None:
        self.now, self.blocked = max(self.now, now), max(self.blocked, blocked)

    def _traffic(self) -> tuple[int, ...]:
        up = self.upstream
        return (len(up.calls), up.in_flight, up.connections, up.held)

    def _calm(self, look: Look) -> bool:
        """Nothing is at work: threads that read wait for the upstream, which has their calls."""
        reading = int(look["reading"]) <= self.upstream.in_flight
        if self._looking is not None and not look["stuck"]:
            return False  # the loop will look itself at any moment
        return reading and not (look["ready"] or look["working"] or look["running"])

    async def _either(self, task: "asyncio.Future[Any] | None", seconds: float) -> None:
        both: set[asyncio.Future[Any]] = {self._process.gone}
        if task:
            both.add(task)
        await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)


def _heard(asked: "asyncio.Future[Any]") -> None:
    """What nobody waits for any more may fail: its process has ended, and that is told anyway."""
    if not asked.cancelled():
        asked.exception()
