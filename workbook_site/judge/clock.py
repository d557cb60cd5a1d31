"""Time that stands still until the judge lets it pass.

A judged process runs on virtual time: the event loops' timers (`asyncio.sleep`, `asyncio.timeout`,
httpx's time limits) and `time.sleep` wait for `Clock.advance`, never for real seconds. So a check
about a 30 second timeout costs no time, and comes out alike on a slow machine and on a fast one.

What stays real: `time.time()`, `datetime.now()`, sockets and locks with a time limit in plain
threads. `time.monotonic()` and `time.perf_counter()` run on and jump along, so that code which
spins until they have moved still ends.
"""

import asyncio
import threading
import time
import weakref
from collections.abc import Callable

_real_sleep = time.sleep

# Sums of seconds are not exact: what is due within this is due.
A_MOMENT = 1e-9


class Clock:
    """The virtual time of one process: `now` counts seconds since the clock was made.

    `blocked`: how many of them passed while something blocked a thread that runs an event loop.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.blocked = 0.0
        self._lock = threading.Lock()
        self._sleepers: dict[threading.Event, float] = {}
        self._loops: weakref.WeakSet[Loop] = weakref.WeakSet()

    def new_loop(self) -> "Loop":
        """An event loop whose timers follow this clock."""
        loop = Loop(self)
        self._loops.add(loop)
        return loop

    @property
    def sleeping(self) -> int:
        """How many threads wait in `time.sleep`."""
        return len(self._sleepers)

    def next(self) -> float | None:
        """Seconds until the next timer or sleeper is due; `None` when nothing is waiting."""
        with self._lock:
            due = [*self._sleepers.values()]
        due += [when for loop in list(self._loops) if (when := loop.due()) is not None]
        return max(0.0, min(due) - self.now) if due else None

    def advance(self, seconds: float, *, stuck: bool = False) -> None:
        """Let time pass, and wake whoever is due. `stuck`: the event loop is blocked meanwhile."""
        with self._lock:
            self.now += seconds
            self.blocked += seconds if stuck else 0.0
            ripe = [one for one, when in self._sleepers.items() if when <= self.now + A_MOMENT]
            for one in ripe:
                del self._sleepers[one]
                one.set()
        for loop in list(self._loops):
            loop.nudge()

    def sleep(self, seconds: float) -> None:
        """What `time.sleep` does here: in a loop's own thread, time passes and nobody else runs."""
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        if not seconds:
            return _real_sleep(0)
        if asyncio._get_running_loop() is not None:
            return self.advance(seconds, stuck=True)
        awake = threading.Event()
        with self._lock:
            self._sleepers[awake] = self.now + seconds
        awake.wait()

    def rule(self) -> None:
        """Put this clock in place of the process's own, for all code loaded from now on."""
        monotonic, counter = time.monotonic, time.perf_counter
        time.sleep = self.sleep  # type: ignore[assignment]
        time.monotonic = lambda: monotonic() + self.now
        time.perf_counter = lambda: counter() + self.now
        asyncio.set_event_loop_policy(_Policy(self.new_loop))


class Loop(asyncio.SelectorEventLoop):
    """An event loop on virtual time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        super().__init__()

    def time(self) -> float:
        """Virtual seconds: all timers of the loop are set and fire by it."""
        return self._clock.now

    def due(self) -> float | None:
        """When the first timer is due, on the clock's time."""
        timers = list(self._scheduled)  # type: ignore[attr-defined]  # asyncio offers no question
        return min((timer.when() for timer in timers if not timer.cancelled()), default=None)

    def nudge(self) -> None:
        """Have the loop look at its timers, although it may be waiting for a file just now."""
        if not self.is_closed():
            self.call_soon_threadsafe(lambda: None)


class _Policy(asyncio.DefaultEventLoopPolicy):
    """Gives out virtual loops wherever the code asks for a new one (`asyncio.run`)."""

    def __init__(self, new_loop: Callable[[], Loop]) -> None:
        super().__init__()
        self._new_loop = new_loop

    def new_event_loop(self) -> Loop:
        return self._new_loop()
