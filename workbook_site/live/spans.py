"""What took time, from when to when, and under what: the spans of one recording.

recording = Recording()
with recording.span("request", "GET /dashboard/"):
    with recording.span("call", "GET /payments/") as call: ...
call.parent.name                  # "GET /dashboard/", also from tasks and threads it started
"""

from __future__ import annotations

import asyncio
import dataclasses
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Kind = Literal["request", "socket", "call", "query", "task", "span"]

# Which kind the sentence and the marker of a chart are about: the first of these that it holds.
SUBJECTS: tuple[Kind, ...] = ("call", "query", "task", "span", "request", "socket")
RUNNING = "still running"


@dataclasses.dataclass(eq=False)
class Span:
    """A stretch of time. start and end are seconds since the recording began.

    end is None while it runs. status is empty when all went well, else a word or two: `503`,
    `timed out`, `cancelled`. note tells more than the name: the whole URL, the SQL.
    """

    kind: Kind
    name: str
    start: float
    end: float | None = None
    parent: Span | None = dataclasses.field(default=None, repr=False)
    status: str = ""
    note: str = dataclasses.field(default="", repr=False)
    thread: str = dataclasses.field(default="", repr=False)
    hidden: bool = dataclasses.field(default=False, repr=False)

    @property
    def seconds(self) -> float:
        """How long it took; 0 while it runs."""
        return 0.0 if self.end is None else self.end - self.start

    @property
    def failed(self) -> bool:
        """Whether it ended otherwise than well."""
        return self.status not in ("", RUNNING)


# The span that the running code works under, with the recording that it belongs to. A context
# variable goes along into tasks and into the threads of `sync_to_async`.
_current: ContextVar[tuple[Recording, Span] | None] = ContextVar("current_span", default=None)


class Recording:
    """Spans as they come, from any thread. Times count from the moment it is made."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock, self._zero = clock, clock()
        self._changed = threading.Condition()
        self.spans: list[Span] = []
        self.length: float | None = None  # seconds, once it is closed

    def now(self) -> float:
        """Seconds since it began."""
        return self._clock() - self._zero

    def begin(self, kind: Kind, name: str, note: str = "", *, hidden: bool = False) -> Span:
        """Start a span under the current one and make it the current one of this context. One that
        is `hidden`, and whatever comes under it, is not among the `spans`."""
        current = _current.get()
        parent = current[1] if current and current[0] is self else None
        span = Span(kind, name, self.now(), parent=parent, note=note)
        span.thread = threading.current_thread().name
        span.hidden = hidden or (parent is not None and parent.hidden)
        if not span.hidden:
            with self._changed:
                self.spans.append(span)
        _current.set((self, span))
        return span

    def finish(self, span: Span, status: str = "") -> None:
        """End a span; its parent is the current one again, where it was the current one.

        What ends after the recording was closed stays as it was then.
        """
        current = _current.get()
        if current and current[1] is span:
            _current.set((self, span.parent) if span.parent else None)
        with self._changed:
            if span.end is None:
                span.end, span.status = self.now(), status
                self._changed.notify_all()

    @contextmanager
    def span(self, kind: Kind, name: str, note: str = "") -> Iterator[Span]:
        """A span around a block; an exception ends it with the status that `ended_by` names."""
        span = self.begin(kind, name, note)
        try:
            yield span
        except BaseException as error:
            self.finish(span, ended_by(error))
            raise
        finally:
            self.finish(span, span.status)

    def close(self, settle: float = 0.0) -> None:
        """No more spans. Those that run still are cut here and marked as running still.

        `settle`: seconds to wait, at most, for requests to end: a client has its answer a moment
        before the server is done with the request.
        """
        with self._changed:
            self._changed.wait_for(lambda: not any(map(_is_open_request, self.spans)), settle)
            self.length = self.now()
            for span in self.spans:
                if span.end is None:
                    span.end, span.status = self.length, RUNNING


def _is_open_request(span: Span) -> bool:
    return span.kind == "request" and span.end is None


def ended_by(error: BaseException) -> str:
    """A word or two for what ended a span: `cancelled`, `timed out`, or the exception's name."""
    if isinstance(error, asyncio.CancelledError):
        return "cancelled"
    name = type(error).__name__
    return "timed out" if "Timeout" in name else name


# --- Figures ---


def subject(spans: Iterable[Span]) -> Kind:
    """The kind of span that this is mostly about, see SUBJECTS; `span` when there is none."""
    kinds = {span.kind for span in spans}
    return next((kind for kind in SUBJECTS if kind in kinds), "span")


def steps(spans: Iterable[Span]) -> list[tuple[float, int]]:
    """How many were under way, from when on: [(0.0, 1), (0.1, 2), (0.4, 0)].

    One that ends at the moment at which another starts does not overlap it.
    """
    ends = [(span.end, -1) for span in spans if span.end is not None]
    events = sorted([*ends, *((span.start, 1) for span in spans)])
    counted: dict[float, int] = {}
    under_way = 0
    for at, change in events:
        under_way += change
        counted[at] = under_way
    return list(counted.items())


def most(spans: Iterable[Span]) -> int:
    """The most that were under way at one moment; an instant that took no time counts too."""
    spans = list(spans)
    return max((count for _, count in steps(spans)), default=0) or min(len(spans), 1)


def waiting(spans: Iterable[Span]) -> float:
    """All their seconds added up."""
    return sum(span.seconds for span in spans)


def extent(spans: Iterable[Span]) -> float:
    """Seconds from the first start to the last end; 0 when there are none."""
    spans = list(spans)
    if not spans:
        return 0.0
    return max(span.end or span.start for span in spans) - min(span.start for span in spans)
