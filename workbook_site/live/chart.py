"""Spans drawn as a Gantt chart: an SVG that reads on light and on dark ground.

Text is in the colour of the text around it. Bars are tints with an outline and a pattern of their
own, so that their labels keep their contrast on any ground and no kind is told by colour alone.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator, Sequence
from html import escape
from uuid import uuid4

from workbook_site.live import words
from workbook_site.live.rows import Row, rows
from workbook_site.live.spans import RUNNING, SUBJECTS, Kind, Span, most, steps, subject

WIDTH = 720.0
LEFT, RIGHT = 14.0, 14.0
PLOT = WIDTH - LEFT - RIGHT
BAR, GAP = 22.0, 6.0
LABEL = 12.5  # the size of a bar's label
WIDE = 0.56  # an average letter, as a part of its size: rather too wide than too narrow
HEAD = 18.0  # the line of text above a bundle
STRIP = 40.0
MOST_LANES = 60

# Mid-tones: at least 3 to 1 against white and against near black.
COLOURS: dict[Kind, str] = {
    "request": "#76869b",
    "socket": "#1b8d9c",
    "call": "#3b7ddd",
    "query": "#c2711d",
    "task": "#9a62d8",
    "span": "#2f9461",
}
BAD = "#d64545"

# What is drawn into an 8 by 8 tile, besides the tint.
_PATTERNS: dict[Kind, str] = {
    "request": "",
    "socket": '<path d="M0 4H8"/>',
    "call": '<path d="M-2 2L2 -2M0 8L8 0M6 10L10 6"/>',
    "query": '<circle cx="2" cy="2" r="1"/><circle cx="6" cy="6" r="1"/>',
    "task": '<path d="M4 0V8"/>',
    "span": '<path d="M-2 6L2 10M0 0L8 8M6 -2L10 2"/>',
}
FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif"


def draw(spans: Sequence[Span], title: str = "", length: float = 0.0, highest: int = 0) -> str:
    """The chart as one `<svg>`.

    `length` (seconds) and `highest` (in flight) are what its axes reach to, at least; two charts
    with the same can be compared by eye.
    """
    return _Drawing(list(spans), words.title(spans, title), length, highest).svg()


@dataclasses.dataclass
class _Placed:
    row: Row
    top: float
    height: float


class _Drawing:
    """One chart in the making: what is drawn goes down the page, `y` is how far it has come."""

    def __init__(self, spans: list[Span], title: str, length: float, highest: int) -> None:
        self.spans, self.title = spans, title
        ends = [span.end or span.start for span in spans]
        self.zero = min((span.start for span in spans), default=0.0)
        self.length = length or max(max(ends, default=0.0) - self.zero, 1e-6)
        self.rows, self.left_out = rows(spans)
        self.id = f"timeline-{uuid4().hex[:8]}"
        self.kind = subject(spans)
        self.chosen = [span for span in spans if span.kind == self.kind]
        self.peak = most(self.chosen)
        self.highest = max(highest, self.peak, 3)  # one alone should look like little
        self.y = 0.0

    def x(self, at: float) -> float:
        return LEFT + (at - self.zero) / self.length * PLOT

    # --- The whole ---

    def svg(self) -> str:
        head = [*self.heading(), *self.legend()]
        if not self.spans:
            return self.framed(head)
        top = self.y
        placed = list(self.place())
        bars = [part for one in placed for part in self.row(one)]
        more, strip = list(self.more()), list(self.strip(top))
        axis = list(self.axis(top))
        return self.framed([*head, *axis, *self.containers(placed), *strip, *bars, *more])

    def framed(self, parts: list[str]) -> str:
        described = escape(words.description(self.spans))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH:g} '
            f'{self.y + 4:.0f}" aria-labelledby="{self.id}-title {self.id}-desc" '
            f'style="width:100%;max-width:{WIDTH * 1.25:g}px;height:auto;display:block" '
            f'fill="currentColor" font-family="{FONT}" font-size="{LABEL}">'
            f'<title id="{self.id}-title">{escape(self.title)}</title>'
            f'<desc id="{self.id}-desc">{described}</desc>'
            f"<defs>{''.join(map(self.pattern, _PATTERNS))}</defs>{''.join(parts)}</svg>"
        )

    def pattern(self, kind: Kind) -> str:
        colour = COLOURS[kind]
        return (
            f'<pattern id="{self.id}-{kind}" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<rect width="8" height="8" fill="{colour}" fill-opacity=".26"/>'
            f'<g stroke="{colour}" stroke-opacity=".38" fill="{colour}" fill-opacity=".38">'
            f"{_PATTERNS[kind]}</g></pattern>"
        )

    # --- Above the bars ---

    def heading(self) -> Iterator[str]:
        self.y = 20
        yield text(LEFT, self.y, self.title, size=16, weight=650)
        self.y += 20
        yield text(LEFT, self.y, words.sentence(self.spans), size=13, opacity=0.8)
        self.y += 12

    def legend(self) -> Iterator[str]:
        kinds = [kind for kind in reversed(SUBJECTS) if any(s.kind == kind for s in self.spans)]
        if len(kinds) < 2:
            return
        x = LEFT
        for kind in kinds:
            yield self.box(kind, x, self.y, 18, 12)
            yield text(x + 24, self.y + 10.5, words.NAMES[kind][0], size=12, opacity=0.8)
            x += 24 + wide(words.NAMES[kind][0], 12) + 20
        self.y += 18

    # --- The bars ---

    def place(self) -> Iterator[_Placed]:
        self.y += 8
        for row in self.rows:
            if row.depth == 0:
                self.y += 2
            height = BAR if len(row.spans) == 1 else HEAD + bundle_height(row)
            yield _Placed(row, self.y, height)
            self.y += height + GAP

    def row(self, placed: _Placed) -> Iterator[str]:
        row = placed.row
        if len(row.spans) == 1:
            return self.single(row.spans[0], placed.top)
        return self.bundle(row, placed.top)

    def single(self, span: Span, top: float) -> Iterator[str]:
        x, width = self.x(span.start), self.width(span)
        yield f"<g><title>{escape(words.tip(span))}</title>"
        yield self.box(span.kind, x, top, width, BAR, span)
        yield self.label(span, x, width, top + BAR / 2 + LABEL * 0.35)
        yield "</g>"

    def width(self, span: Span) -> float:
        end = span.start if span.end is None else span.end
        return max(self.x(end) - self.x(span.start), 3.0)

    def box(
        self, kind: Kind, x: float, y: float, width: float, height: float, span: Span | None = None
    ) -> str:
        bad = span is not None and span.failed
        open_end = span is not None and span.status == RUNNING
        colour, dash = (BAD, ' stroke-dasharray="5 3"') if bad else (COLOURS[kind], "")
        drawn = (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'rx="{min(5, width / 2, height / 2):.1f}" fill="url(#{self.id}-{kind})" '
            f'stroke="{colour}" stroke-width="1.5"{dash}/>'
        )
        # A solid edge where it begins: starts line up for the eye.
        edge = f'<rect x="{x:.1f}" y="{y:.1f}" width="3" height="{height:.1f}" fill="{colour}"/>'
        return drawn + edge + (arrow(x + width, y, height, colour) if open_end else "")

    def label(self, span: Span, x: float, width: float, y: float) -> str:
        name, took = span.name, words.duration(span.seconds)
        if span.status:
            took = f"{took} · {'✕ ' if span.failed else ''}{span.status}"
        needed = wide(f"{name}  {took}", LABEL) + 16
        if needed <= width:
            return label(x + 9, y, name, took)
        if x + width + needed <= WIDTH - 2:
            return label(x + width + 7, y, name, took)
        if x - needed >= 2:
            return label(x - 7, y, name, took, anchor="end")
        return self.tight_label(name, took, x, width, y)

    def tight_label(self, name: str, took: str, x: float, width: float, y: float) -> str:
        """Inside, right or left of the bar: where most of the name can be read."""
        told = wide(f"  {took}", LABEL) + 16
        inside, right, left = width - told, WIDTH - x - width - told, x - told
        if inside >= max(right, left):
            return label(x + 9, y, shortened(name, inside), took)
        if right >= left:
            return label(x + width + 7, y, shortened(name, right), took)
        return label(x - 7, y, shortened(name, left), took, anchor="end")

    # --- Bundles ---

    def bundle(self, row: Row, top: float) -> Iterator[str]:
        lanes = row.lanes
        shown = lanes[:: math.ceil(len(lanes) / MOST_LANES)]
        lane = bundle_height(row) / len(shown)
        yield f"<g><title>{escape(row.name)}</title>"
        x = min(self.x(row.spans[0].start), LEFT + PLOT / 2)
        yield label(x, top + HEAD - 6, f"{len(row.spans)} × {row.name}", spread(row))
        for number, spans in enumerate(shown):
            y = top + HEAD + number * lane
            yield from self.lane(row.kind, spans, y, lane)
        yield "</g>"

    def lane(self, kind: Kind, spans: list[Span], y: float, height: float) -> Iterator[str]:
        inner = height - (1.5 if height >= 4 else 0.3 if height > 1 else 0)
        for start, end, bad in merged(spans, 0.7 / PLOT * self.length):
            x, width = self.x(start), max(self.x(end) - self.x(start), 1.0)
            colour = BAD if bad else COLOURS[kind]
            outline = f'stroke="{colour}" stroke-width="1"' if inner >= 4 else ""
            fill = f"url(#{self.id}-{kind})" if inner >= 6 else colour
            opacity = 1 if inner >= 6 else 0.65
            yield (
                f'<rect x="{x:.1f}" y="{y:.2f}" width="{width:.1f}" height="{inner:.2f}" '
                f'rx="{min(2, inner / 3):.1f}" fill="{fill}" fill-opacity="{opacity}" {outline}/>'
            )

    def more(self) -> Iterator[str]:
        if self.left_out:
            self.y += 12
            told = f"… and {self.left_out} more, in the table below"
            yield text(LEFT, self.y, told, size=12, opacity=0.8)
            self.y += 8

    # --- Around the bars ---

    def containers(self, placed: list[_Placed]) -> Iterator[str]:
        """A frame around a request and all that is drawn under it."""
        starts = [i for i, one in enumerate(placed) if one.row.depth == 0] + [len(placed)]
        for first, end in itertools.pairwise(starts):
            root = placed[first].row
            if end - first > 1 and len(root.spans) == 1:
                yield self.container(root.spans[0], placed[first], placed[end - 1])

    def container(self, span: Span, first: _Placed, last: _Placed) -> str:
        x, colour = self.x(span.start), COLOURS[span.kind]
        bottom = last.top + last.height + 3
        return (
            f'<rect x="{x:.1f}" y="{first.top:.1f}" width="{self.width(span):.1f}" '
            f'height="{bottom - first.top:.1f}" rx="5" fill="{colour}" fill-opacity=".08" '
            f'stroke="{colour}" stroke-opacity=".45"/>'
        )

    def axis(self, top: float) -> Iterator[str]:
        bottom = self.y
        step = tick(self.length)
        unit, scale = ("ms", 1000) if self.length < 0.9995 else ("s", 1)
        for n in range(int(self.length / step * 1.0001) + 1):
            x = LEFT + n * step / self.length * PLOT
            yield line(x, top, x, bottom, opacity=0.16)
            said = f"{n * step * scale:g} {unit}" if n else "0"
            if x + wide(said, 12) / 2 < WIDTH - RIGHT - 34:  # there stands what the axis is
                yield text(x, bottom + 14, said, size=11.5, anchor="middle", opacity=0.9)
        yield line(LEFT, bottom, WIDTH - RIGHT, bottom, opacity=0.5)
        yield text(WIDTH - RIGHT, bottom + 14, "time", size=11.5, anchor="end", opacity=0.9)
        self.y = bottom + 20

    def strip(self, top: float) -> Iterator[str]:
        """How many were under way, moment by moment, and where that was most."""
        if len(self.chosen) < 2:
            self.y += 4
            return
        head, self.y = self.y + 15, self.y + 22
        base = self.y + STRIP
        counted = steps(self.chosen)
        title = f"{words.NAMES[self.kind][1]} in flight"
        yield from self.levels(base)
        yield self.area(counted, base)
        yield text(LEFT, head, title, size=12, opacity=0.8)
        spells = spells_at(counted, self.peak)
        if spells:
            longest = max(spells, key=lambda spell: spell[1] - spell[0])
            yield from self.marker(*longest, top, base, head, LEFT + wide(title, 12) + 18)
            yield self.tops(spells, base)
        self.y = base

    def levels(self, base: float) -> Iterator[str]:
        if self.highest <= 6:
            for n in range(1, self.highest + 1):
                y = self.level(n, base)
                yield line(LEFT, y, WIDTH - RIGHT, y, opacity=0.12)

    def level(self, n: int, base: float) -> float:
        return base - n / self.highest * (STRIP - 2)

    def area(self, counted: list[tuple[float, int]], base: float) -> str:
        path, colour = f"M{self.x(counted[0][0]):.1f} {base:.1f}", COLOURS[self.kind]
        for at, n in thinned(counted, 0.5 / PLOT * self.length):
            path += f"H{self.x(at):.1f}V{self.level(n, base):.1f}"
        stroke = 1.2 if len(counted) < 60 else 0.6
        return (
            f'<path d="{path}Z" fill="{colour}" fill-opacity=".3" stroke="{colour}" '
            f'stroke-width="{stroke}" stroke-linejoin="round"/>'
        )

    def marker(
        self, start: float, end: float, top: float, base: float, head: float, free: float
    ) -> Iterator[str]:
        """How many were the most, and the longest such moment, faintly, behind the bars."""
        x, width, colour = self.x(start), self.x(end) - self.x(start), COLOURS[self.kind]
        if self.peak > 1:
            yield (
                f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" '
                f'height="{base - top:.1f}" fill="{colour}" fill-opacity=".08"/>'
            )
        said = words.marker(self.spans)
        half = wide(said, 12.5) / 2
        middle = min(max(x + width / 2, free + half), WIDTH - RIGHT - half)
        yield text(middle, head, said, size=12.5, weight=650, anchor="middle")

    def tops(self, spells: list[tuple[float, float]], base: float) -> str:
        """A strong line wherever the strip is at its highest; gaps that no eye sees are closed."""
        drawn: list[tuple[float, float]] = []
        for start, end in spells:
            x, end_x = self.x(start), max(self.x(end), self.x(start) + 2)
            if drawn and x - drawn[-1][1] < 1:
                x, _ = drawn.pop()
            drawn.append((x, end_x))
        y = self.level(self.peak, base)
        path = "".join(f"M{x:.1f} {y:.1f}H{end:.1f}" for x, end in drawn)
        return f'<path d="{path}" stroke="currentColor" stroke-width="3"/>'


def thinned(counted: list[tuple[float, int]], gap: float) -> Iterator[tuple[float, int]]:
    """Steps at least `gap` apart; of those that lie closer, the highest and then the last."""
    groups: list[list[tuple[float, int]]] = []
    for step in counted:
        if groups and step[0] - groups[-1][0][0] < gap:
            groups[-1].append(step)
        else:
            groups.append([step])
    for group in groups:
        yield group[0][0], max(n for _, n in group)
        if len(group) > 1:
            yield group[-1]


def spells_at(counted: list[tuple[float, int]], n: int) -> list[tuple[float, float]]:
    """The stretches, from when to when, in which exactly `n` were under way."""
    ends = [*(at for at, _ in counted[1:]), counted[-1][0]]
    return [(at, end) for (at, count), end in zip(counted, ends, strict=True) if count == n]


def bundle_height(row: Row) -> float:
    """Few lanes are as high as they like, many share the room of a few."""
    lanes = min(len(row.lanes), MOST_LANES)
    return min(lanes * 10.0, 90.0)


def merged(spans: list[Span], gap: float) -> Iterator[tuple[float, float, bool]]:
    """Neighbours of a lane that no eye would tell apart, as one: (start, end, any failed)."""
    start, end, bad = 0.0, -math.inf, False
    for span in spans:
        if span.start - end > gap or span.failed != bad:
            if end >= start:
                yield start, end, bad
            start, bad = span.start, span.failed
        end = span.start if span.end is None else span.end
    if end >= start:
        yield start, end, bad


def spread(row: Row) -> str:
    """`12 ms each`, or `12 ms to 30 ms each`, and how many failed."""
    took = sorted(span.seconds for span in row.spans)
    low, high = words.duration(took[0]), words.duration(took[-1])
    told = f"{high} each" if low == high else f"{low} to {high} each"
    failed = sum(span.failed for span in row.spans)
    return f"{told} · ✕ {failed} failed" if failed else told


def tick(length: float) -> float:
    """Seconds between two ticks: a round number of them, 4 to 10 on the axis."""
    rough = length / 8
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough)


def wide(said: str, size: float) -> float:
    """About as wide as this is when it is set in this size."""
    return len(said) * size * WIDE


def shortened(name: str, room: float) -> str:
    """The name, or as much of it as there is room for."""
    letters = max(int(room / (LABEL * WIDE)), 4)
    return name if len(name) <= letters else name[: letters - 1] + "…"


def text(
    x: float,
    y: float,
    said: str,
    *,
    size: float = LABEL,
    weight: int = 400,
    opacity: float = 1,
    anchor: str = "start",
) -> str:
    """A line of text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" font-weight="{weight}" '
        f'opacity="{opacity:g}" text-anchor="{anchor}">{escape(said)}</text>'
    )


def label(x: float, y: float, name: str, took: str, anchor: str = "start") -> str:
    """A bar's label: its name, and stronger how long it took."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(name)}'
        f'<tspan dx="7" font-weight="650">{escape(took)}</tspan></text>'
    )


def line(
    x: float, y: float, x2: float, y2: float, *, opacity: float, dash: str = "", width: float = 1
) -> str:
    """A straight line in the colour of the text."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="currentColor" '
        f'stroke-opacity="{opacity:g}" stroke-width="{width:g}"{dashed}/>'
    )


def arrow(x: float, y: float, height: float, colour: str) -> str:
    """What ends a bar that had not ended: it points on."""
    path = f"M{x - 7:.1f} {y:.1f}l7 {height / 2:.1f}l-7 {height / 2:.1f}"
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
