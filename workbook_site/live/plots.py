"""Plots for the chapters: a claim, drawn from figures that were measured a moment ago.

    bars({"one after the other": 1.21, "together": 0.42}, title="...", unit="seconds", claim="...")
    lines({"sync": {1: 0.3, 100: 3.1}, "async": {...}}, title="...", x="at once", y="seconds")

Every plot has a title and named axes, tells its series apart by more than colour, says its values
next to its marks, describes itself to who does not see it, and carries its data as a table.
"""

from __future__ import annotations

import dataclasses
import io
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any, cast
from uuid import uuid4

from workbook_site.live import table
from workbook_site.live.chart import FONT, text

Number = float | int
Values = Mapping[str, Number]
Points = Mapping[Number, Number]

WIDTH, BAR, LINES, AXIS, HEAD = 720, 26, 300, 52, 52  # points
LABEL = 28  # letters of a bar's label in one line
APART = 16  # points between the names of two lines
# Mid-tones that keep 3 to 1 on light and on dark ground.
COLOURS = ("#3b7ddd", "#c2711d", "#2f9461", "#9a62d8", "#d64545", "#76869b")
HATCHES = ("", "//", "\\\\", "xx", "--", "||")
MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))

# Drawn in a colour that nothing else has, and replaced by that of the text around the plot.
_INK = "#010203"
_STYLE: dict[str, Any] = {
    "svg.fonttype": "path",
    "font.size": 12,
    "text.color": _INK,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "hatch.linewidth": 0.9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}

TOO_MANY = "A plot can tell {most} series apart; this one has {n}: {names}. Make two plots of it."
NO_DATA = "There is nothing to plot: the data is empty."
LABELS_DIFFER = (
    "Every series needs the same labels: {one!r} has {these}, but {other!r} has {those}."
)


@dataclasses.dataclass(frozen=True, repr=False)
class Plot:
    """A plot and its data. It shows itself where a cell ends with it."""

    svg: str
    title: str
    description: str
    data: table.Table

    def _repr_html_(self) -> str:
        folded = table.folded("The data of this plot", self.data._repr_html_())
        return f'<figure style="margin:8px 0">{self.svg}{folded}</figure>'

    def __repr__(self) -> str:
        return f"{self.description}\n{table.text(self.data.columns, self.data.rows)}"


def bars(
    data: Values | Mapping[str, Values],
    *,
    title: str,
    unit: str = "seconds",
    claim: str = "",
    log: bool = False,
) -> Plot:
    """Lying bars, each with its value: `{label: value}`, or `{series: {label: value}}`.

    `claim` is the sentence that the bars show; it stands below the title. `log`: a logarithmic
    axis, for values that lie far apart. ValueError when a series lacks a label.
    """
    series = _as_series(data)
    labels = list(next(iter(series.values())))
    with _figure(AXIS + BAR * len(labels) * (len(series) + 0.6)) as (figure, axes):
        for n, (name, values) in enumerate(series.items()):
            _draw_bars(axes, n, len(series), name, [values[label] for label in labels])
        _name_bars(axes, labels, unit, log)
        drawn = _drawn(figure)
    names = [name or unit for name in series]
    told = f"{_start(title, claim)}Bars, in {unit}: {_tell_bars(series)}."
    return _plot(drawn, title, claim, told, ("", *names), _rows(labels, series))


def lines(
    data: Mapping[str, Points],
    *,
    title: str,
    x: str,
    y: str,
    claim: str = "",
    log_x: bool = False,
    log_y: bool = False,
) -> Plot:
    """Lines with a marker at each measurement and their name at the end: `{series: {x: y}}`.

    `x` and `y` name the axes, with their units. The series may have different x.
    """
    _check(data)
    at = sorted({each for points in data.values() for each in points})
    with _figure(LINES) as (figure, axes):
        for n, points in enumerate(data.values()):
            xs = sorted(points)
            _draw_line(axes, n, xs, [points[at] for at in xs])
        _scale(axes, at, log_x, log_y)
        axes.set(xlabel=x, ylabel=y)
        _name_ends(figure, axes, data)
        drawn = _drawn(figure)
    told = f"{_start(title, claim)}Lines of {y} over {x}: {_tell_lines(data)}."
    return _plot(drawn, title, claim, told, (x, *data), _rows(at, data))


# --- The data ---


def _as_series(data: Values | Mapping[str, Values]) -> Mapping[str, Values]:
    plain = all(not isinstance(value, Mapping) for value in data.values())
    series = {"": cast(Values, data)} if plain and data else cast(Mapping[str, Values], data)
    _check(series)
    (one, first), *others = series.items()
    for other, values in others:
        if values.keys() != first.keys():
            these, those = ", ".join(first), ", ".join(values)
            raise ValueError(LABELS_DIFFER.format(one=one, these=these, other=other, those=those))
    return series


def _check(series: Mapping[str, Mapping[Any, Number]]) -> None:
    if not series or not all(series.values()):
        raise ValueError(NO_DATA)
    if len(series) > len(COLOURS):
        names = ", ".join(series)
        raise ValueError(TOO_MANY.format(most=len(COLOURS), n=len(series), names=names))


def _rows(labels: Iterable[Any], series: Mapping[str, Mapping[Any, Number]]) -> list[list[Any]]:
    return [[label, *(values.get(label) for values in series.values())] for label in labels]


def _start(*sentences: str) -> str:
    return "".join(f"{said.rstrip('.')}. " for said in sentences if said)


def _tell_bars(series: Mapping[str, Values]) -> str:
    return ", ".join(
        f"{name} {label} {table.say(value)}".strip()
        for name, values in series.items()
        for label, value in values.items()
    )


def _tell_lines(data: Mapping[str, Points]) -> str:
    told = []
    for name, points in data.items():
        first, last = min(points), max(points)
        ends = [f"{table.say(points[at])} at {table.say(at)}" for at in (first, last)]
        told.append(f"{name} goes from {ends[0]} to {ends[1]}")
    return ", ".join(told)


# --- The drawing. matplotlib is imported late: it takes longer than the rest of the workbook. ---


@contextmanager
def _figure(height: float) -> Iterator[tuple[Any, Any]]:
    """A figure and its axes, in our style; no pyplot, so nothing of the learner's is touched."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(cast(Any, _STYLE)):
        figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, layout="constrained")
        yield figure, figure.add_subplot()


def _draw_bars(axes: Any, n: int, of: int, name: str, values: Sequence[Number]) -> None:
    thick, colour = 0.8 / of, COLOURS[n]
    at = [place - 0.4 + (n + 0.5) * thick for place in range(len(values))]
    # Twice: SVG has one opacity for a bar's ground and its hatches, which would hide them.
    drawn = axes.barh(at, values, height=thick * 0.86, color=(colour, 0.3))
    line = {"facecolor": "none", "edgecolor": colour, "linewidth": 1.5, "hatch": HATCHES[n]}
    axes.barh(at, values, height=thick * 0.86, **line)
    said = [f"{table.say(value)}  {name}".rstrip() for value in values]
    axes.bar_label(drawn, said, padding=6)


def _name_bars(axes: Any, labels: Sequence[str], unit: str, log: bool) -> None:
    wrapped = [textwrap.fill(label, LABEL) for label in labels]
    axes.set_yticks(range(len(labels)), wrapped)
    axes.invert_yaxis()
    axes.set_xscale("log" if log else "linear")
    axes.xaxis.set_major_formatter(lambda value, _: table.say(float(value)))
    axes.set_xlabel(unit)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=_INK, alpha=0.14)
    axes.set_axisbelow(True)


def _draw_line(axes: Any, n: int, xs: Sequence[Number], ys: Sequence[Number]) -> None:
    look = {"color": COLOURS[n], "marker": MARKERS[n], "linestyle": DASHES[n]}
    axes.plot(xs, ys, linewidth=2.2, markersize=7, clip_on=False, **look)


def _scale(axes: Any, at: Sequence[Number], log_x: bool, log_y: bool) -> None:
    from matplotlib.ticker import LogLocator

    axes.set_xscale("log" if log_x else "linear")
    axes.set_yscale("log" if log_y else "linear")
    if log_y:
        low, high = axes.get_ylim()
        if high < 100 * low:  # powers of ten alone would leave an axis with one number, or none
            axes.yaxis.set_major_locator(LogLocator(subs=[1, 2, 5]))
    else:
        axes.set_ylim(bottom=0)
    if len(at) <= 8:
        axes.set_xticks(at)
    axes.minorticks_off()
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: table.say(float(value)))
    axes.grid(axis="y", color=_INK, alpha=0.14)


def _name_ends(figure: Any, axes: Any, data: Mapping[str, Points]) -> None:
    """The name and the last value of each line, right of its end, none over another."""
    figure.canvas.draw()  # only then is it known where the ends are
    right = max(axes.transData.transform((max(points), 0))[0] for points in data.values())
    ends = []
    for name, points in data.items():
        last = max(points)
        x, y = axes.transData.transform((last, points[last]))
        ends.append((y, right - x, f"{name} {table.say(points[last])}", (last, points[last])))
    floor = float("-inf")
    for y, dx, said, end in sorted(ends):
        free = max(y, floor + APART)
        floor = free
        axes.annotate(
            said,
            end,
            (dx + 12, free - y),
            textcoords="offset points",
            va="center",
            color=_INK,
            annotation_clip=False,
        )


@dataclasses.dataclass(frozen=True)
class _Drawn:
    """The inside of an `<svg>`, in the colour of the text around it; height in points."""

    name: str
    inside: str
    height: float


def _drawn(figure: Any) -> _Drawn:
    file = io.StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    drawn, name = file.getvalue(), f"plot-{uuid4().hex[:8]}"
    # Left out before the first group: a style sheet that would reach the whole page.
    inside = drawn[drawn.index("<g id=") : drawn.rindex("</svg>")].replace(_INK, "currentColor")
    inside = re.sub(r'<g id="[^"]*"', "<g", inside)
    inside = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", inside)  # one page, many plots
    return _Drawn(name, inside, figure.get_figheight() * 72)


def _plot(
    drawn: _Drawn, title: str, claim: str, told: str, columns: Sequence[str], rows: list[list[Any]]
) -> Plot:
    name, top = drawn.name, HEAD if claim else HEAD - 20
    head = text(14, 20 - top, title, size=16, weight=650)
    head += text(14, 40 - top, claim, size=13, opacity=0.8) if claim else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'role="img" viewBox="0 {-top} {WIDTH} {drawn.height + top:g}" '
        f'aria-labelledby="{name}-title {name}-desc" '
        f'style="width:100%;max-width:{WIDTH * 1.25:g}px;height:auto;display:block" '
        f'fill="currentColor" stroke-linejoin="round" font-family="{FONT}">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(told)}</desc>{head}{drawn.inside}</svg>'
    )
    return Plot(svg, title, told, table.Table(f"The data of: {title}", columns, rows))
