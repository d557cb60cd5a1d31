"""Spans drawn with letters, for a terminal.

GET /dashboard/     |==================| 431 ms
  GET /payments/    | ###############  | 402 ms
"""

from __future__ import annotations

from collections.abc import Sequence

from workbook_site.live import words
from workbook_site.live.rows import Row, rows
from workbook_site.live.spans import Kind, Span, most

SIGNS: dict[Kind, str] = {
    "request": "=",
    "socket": "-",
    "call": "#",
    "query": "+",
    "task": "*",
    "span": "~",
}
PLOT = 40


def draw(spans: Sequence[Span], title: str = "", length: float = 0.0) -> str:
    """The chart as lines of text. `length`: seconds on its axis, as in `chart.draw`."""
    told = [words.title(spans, title), words.sentence(spans)]
    if not spans:
        return "\n".join(told)
    zero = min(span.start for span in spans)
    length = length or max(max(span.end or span.start for span in spans) - zero, 1e-6)
    drawn, left_out = rows(spans)
    names = [_name(row) for row in drawn]
    room = max(map(len, names))
    for name, row in zip(names, drawn, strict=True):
        told.append(f"{name:<{room}} |{_bars(row, zero, length)}| {_took(row)}")
    if left_out:
        told.append(f"... and {left_out} more")
    told.append(f"{'':<{room}} 0{words.duration(length):>{PLOT}}")
    return "\n".join([*told, words.marker(spans)])


def _name(row: Row) -> str:
    many = f"{len(row.spans)} × " if len(row.spans) > 1 else ""
    name = "  " * row.depth + many + row.name
    return name if len(name) <= 32 else name[:31] + "…"


def _bars(row: Row, zero: float, length: float) -> str:
    signs = [" "] * PLOT
    for span in row.spans:
        first = _column(span.start - zero, length)
        last = _column((span.end or span.start) - zero, length)
        for at in range(min(first, PLOT - 1), min(max(last, first + 1), PLOT)):
            signs[at] = SIGNS[row.kind]
    return "".join(signs)


def _column(seconds: float, length: float) -> int:
    return int(round(seconds / length * PLOT, 6))  # 39.999999 is the end of the axis


def _took(row: Row) -> str:
    if len(row.spans) > 1:
        return f"at most {most(row.spans)} at once"
    [span] = row.spans
    status = f", {span.status}" if span.status else ""
    return words.duration(span.seconds) + status
