"""`site.timeline()`: what the site did, when, and under what, as a picture and as figures.

with site.timeline("Together") as t:
    await site.get("/dashboard/")
assert t.most_in_flight == 3
t
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from html import escape
from typing import Any, ClassVar, Self

from workbook_site.live import chart, hooks, plain, table, words
from workbook_site.live.door import Door
from workbook_site.live.spans import Kind, Recording, Span, extent, most, subject, waiting

SETTLE = 0.25  # seconds, at most, for the server to be done with what was answered just now

NOT_OPEN = """\
This timeline is not open, so it has no room for a step. Write the step inside its block:

    with site.timeline() as t:
        with t.span({name!r}):
            ..."""


class Timeline:
    """Records while its block runs, `with` or `async with`; shows itself as a Gantt chart.

    `door` is where the requests of the site pass; `ignore` are `host:port` whose calls are not the
    project's. One timeline records at a time in a kernel: opening another closes the first.
    """

    _open: ClassVar[Timeline | None] = None

    def __init__(
        self, title: str = "", *, door: Door | None = None, ignore: Collection[str] = ()
    ) -> None:
        self.title = title
        self._door, self._ignore = door, ignore
        self._recording: Recording | None = None
        self._hooks = contextlib.ExitStack()

    # --- Recording ---

    def __enter__(self) -> Self:
        if Timeline._open:
            Timeline._open._close()
        self._recording = recording = Recording()
        with contextlib.ExitStack() as hooked:
            if self._door:
                hooked.enter_context(hooks.requests(recording, self._door))
            hooked.enter_context(hooks.calls(recording, self._ignore))
            hooked.enter_context(hooks.queries(recording))
            hooked.enter_context(hooks.tasks(recording))
            self._hooks = hooked.pop_all()
        Timeline._open = self
        return self

    def __exit__(self, *exc: object) -> None:
        if Timeline._open is self:
            assert self._recording
            self._recording.close(SETTLE)
            self._close()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, *exc: object) -> None:
        self.__exit__(*exc)

    def _close(self) -> None:
        Timeline._open = None
        self._hooks.close()
        assert self._recording
        self._recording.close()

    @contextlib.contextmanager
    def _step(self, name: str) -> Iterator[Span]:
        if Timeline._open is not self or self._recording is None:
            raise RuntimeError(NOT_OPEN.format(name=name))
        with self._recording.span("span", name) as span:
            yield span

    def span(self, name: str) -> _Step:
        """A step of your own around a block, `with` or `async with`; others come under it."""
        return _Step(self._step(name))

    # --- What it saw ---

    @property
    def spans(self) -> list[Span]:
        """All spans, by their start. Their times are seconds since the block began."""
        return list(self._recording.spans) if self._recording else []

    def of(self, kind: Kind) -> list[Span]:
        """Those of one kind: request, call, query, task, span or socket."""
        return [span for span in self.spans if span.kind == kind]

    @property
    def total(self) -> float:
        """Seconds from the start of the first span to the end of the last."""
        return extent(self.spans)

    def sum(self, kind: Kind) -> float:
        """The seconds of all spans of a kind added up; more than `total` if they overlapped."""
        return waiting(self.of(kind))

    def most(self, kind: Kind) -> int:
        """The most spans of a kind that were under way at one moment."""
        return most(self.of(kind))

    @property
    def most_in_flight(self) -> int:
        """The most outgoing calls at one moment; of queries, tasks, steps, requests if no call."""
        return self.most(subject(self.spans))

    # --- How it shows itself ---

    def _repr_html_(self) -> str:
        return self.html()

    def __repr__(self) -> str:
        return plain.draw(self.spans, self.title)

    def html(self, length: float = 0.0, highest: int = 0) -> str:
        """The chart, and its data in a table that opens below it.

        `length` (seconds) and `highest` (in flight) scale its axes as those of another chart.
        """
        spans = self.spans
        drawn = chart.draw(spans, self.title, length, highest)
        if not spans:
            return drawn
        caption = words.table_caption(spans, words.title(spans, self.title))
        rows = table.html(caption, words.COLUMNS, words.table_rows(spans))
        folded = table.folded("The data of this chart", rows)
        return f'<figure style="margin:8px 0">{drawn}{folded}</figure>'


class _Step:
    """One context manager for `with` and for `async with`."""

    def __init__(self, step: contextlib.AbstractContextManager[Span]) -> None:
        self._step = step

    def __enter__(self) -> Span:
        return self._step.__enter__()

    def __exit__(self, *exc: Any) -> bool | None:
        return self._step.__exit__(*exc)

    async def __aenter__(self) -> Span:
        return self._step.__enter__()

    async def __aexit__(self, *exc: Any) -> bool | None:
        return self._step.__exit__(*exc)


class Comparison:
    """Timelines under each other on one time axis: the eye compares their lengths."""

    def __init__(self, *timelines: Timeline) -> None:
        self.timelines = timelines
        self.length = max((timeline.total for timeline in timelines), default=0.0)
        self.highest = max((timeline.most_in_flight for timeline in timelines), default=0)

    @property
    def ratio(self) -> float:
        """How many times as long as the last timeline the first one is."""
        return self.timelines[0].total / self.timelines[-1].total

    def _repr_html_(self) -> str:
        charts = (timeline.html(self.length, self.highest) for timeline in self.timelines)
        return "".join([*charts, f"<p>{escape(self._verdict())}</p>"])

    def __repr__(self) -> str:
        charts = (plain.draw(one.spans, one.title, self.length) for one in self.timelines)
        return "\n\n".join([*charts, self._verdict()])

    def _verdict(self) -> str:
        told = [
            f"{words.title(one.spans, one.title)}: {words.duration(one.total)}"
            for one in self.timelines
        ]
        if len(told) > 1 and self.timelines[-1].total:
            told.append(f"the first takes {self.ratio:.1f} times as long as the last")
        return "; ".join(told) + "."


def compare(*timelines: Timeline) -> Comparison:
    """Show timelines under each other, drawn to one scale."""
    return Comparison(*timelines)
