"""The words that go with a chart of spans: durations, sentences, the rows of its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from workbook_site.live.spans import Kind, Span, extent, most, subject, waiting
from workbook_site.live.table import Cell

NAMES: dict[Kind, tuple[str, str]] = {
    "request": ("request", "requests"),
    "socket": ("WebSocket", "WebSockets"),
    "call": ("outgoing call", "outgoing calls"),
    "query": ("query", "queries"),
    "task": ("task", "tasks"),
    "span": ("step", "steps"),
}
COLUMNS = ("name", "kind", "starts at", "takes", "under", "ended", "thread", "more")

NOTHING = "Nothing was recorded: no request reached the site while the timeline was open."
DESCRIBED = 12  # spans told one by one in the description of a chart
TABLED = 300  # rows of a table that a page bears well
NOTED = 160  # letters of a note in it


def duration(seconds: float) -> str:
    """Three digits at most: `<0.1 ms`, `0.4 ms`, `38 ms`, `402 ms`, `1.21 s`, `73 s`."""
    if seconds < 0.9995:
        ms = seconds * 1000
        if 0 < ms < 0.05:
            return "<0.1 ms"
        return f"{ms:.1f} ms" if ms < 9.95 else f"{ms:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 9.995 else f"{seconds:.0f} s"


def count(kind: Kind, n: int) -> str:
    """`1 query`, `3 outgoing calls`."""
    one, many = NAMES[kind]
    return f"{n} {one if n == 1 else many}"


def title(spans: Sequence[Span], given: str = "") -> str:
    """What was given, else the name of the roots, else how many of each kind there are."""
    if given or not spans:
        return given or "Timeline"
    roots = [span for span in spans if span.parent is None]
    if len({span.name for span in roots}) == 1:
        return roots[0].name if len(roots) == 1 else f"{len(roots)} × {roots[0].name}"
    kinds = Counter(span.kind for span in roots)
    return " and ".join(count(kind, n) for kind, n in kinds.items())


def sentence(spans: Sequence[Span]) -> str:
    """What there is to see: `3 outgoing calls, 1.22 s added up, within 408 ms (1 timed out)`.

    No praise: requests that a blocked loop kept waiting overlap as well.
    """
    if not spans:
        return NOTHING
    kind = subject(spans)
    chosen = [span for span in spans if span.kind == kind]
    told, spent, passed = count(kind, len(chosen)), waiting(chosen), extent(chosen)
    if len(chosen) == 1:
        return f"{told}: {duration(spent)}{_otherwise(chosen)}"
    if most(chosen) == 1:
        return f"{told}, one after the other: {duration(passed)}{_otherwise(chosen)}"
    return f"{told}, {duration(spent)} added up, within {duration(passed)}{_otherwise(chosen)}"


def _otherwise(spans: Sequence[Span]) -> str:
    """How many ended otherwise than well: ` (2 cancelled, 1 timed out)`."""
    ends = Counter(span.status for span in spans if span.status)
    return f" ({', '.join(f'{n} {status}' for status, n in ends.items())})" if ends else ""


def marker(spans: Sequence[Span]) -> str:
    """`most in flight: 3`."""
    kind = subject(spans)
    return f"most in flight: {most(span for span in spans if span.kind == kind)}"


def description(spans: Sequence[Span]) -> str:
    """A chart in words, for who does not see it: the sentence, the marker and the first spans."""
    told = [f"{_told(span)}." for span in spans[:DESCRIBED]]
    more = len(spans) - len(told)
    if more > 0:
        told.append(f"{more} more are in the table below.")
    return " ".join([f"{sentence(spans)}; {marker(spans)}.", *told])


def tip(span: Span) -> str:
    """What a bar says when the pointer rests on it: all that a narrow bar has no room for."""
    ended = f" ({span.status})" if span.status else ""
    said = f"{span.name}: {duration(span.seconds)}{ended}"
    return f"{said}\n{span.note[:500]}" if span.note else said


def _told(span: Span) -> str:
    end = span.start if span.end is None else span.end
    ended = f", {span.status}" if span.status else ""
    under = f", under {span.parent.name}" if span.parent else ""
    return f"{span.name} from {duration(span.start)} to {duration(end)}{ended}{under}"


def table_caption(spans: Sequence[Span], title_: str) -> str:
    """What the table holds, and where the rest is when it can't hold all."""
    if len(spans) <= TABLED:
        return f"The spans of: {title_}"
    return f"The first {TABLED} of {len(spans)} spans of: {title_} (`.spans` has them all)"


def table_rows(spans: Sequence[Span]) -> list[list[Cell]]:
    """The cells below COLUMNS, one row a span, by their start; the first TABLED of them."""
    return [
        [
            span.name,
            NAMES[span.kind][0],
            duration(span.start),
            duration(span.seconds),
            span.parent.name if span.parent else "",
            span.status or "well",
            span.thread,
            span.note[:NOTED],
        ]
        for span in sorted(spans, key=lambda span: span.start)[:TABLED]
    ]
