"""The class as a table of students by exercises: values, and the HTML of them.

Built from strings: a template engine needs a second for 22,500 cells. What can hold a stranger's
words (names, keys) goes through `escape`; the rest is ours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from workbook_site.checking import words


class Column(NamedTuple):
    """An exercise of the course."""

    chapter: str
    exercise: str
    # As headings: `01`, `async_views`, `The morning briefing`.
    number: str = ""
    title: str = ""
    possible: float = 0


class Cell(NamedTuple):
    """What one student got for one exercise. `kind` is a key of `KINDS`."""

    kind: str
    points: float = 0
    possible: float = 0
    remarked: bool = False


@dataclass(frozen=True)
class Row:
    """A student. `cells` by (chapter, exercise); `changed` is the change that this row shows."""

    student: int
    name: str
    points: float
    possible: float
    cells: Mapping[tuple[str, str], Cell]
    changed: int = 0
    key: str = ""
    late: int = 0
    trouble: str = field(default="")


class Kind(NamedTuple):
    """How an outcome looks: a class of the style sheet, a sign, and words for who can't see it."""

    style: str
    sign: str
    words: str


KINDS = {
    "passed": Kind("p", "✓", "Passed"),
    "partly": Kind("h", "◐", "Partly"),
    "not yet": Kind("n", "✗", "Not yet"),
    "not tried": Kind("o", "○", "Not tried"),
    "our fault": Kind("f", "!", "Our fault"),
    "waiting": Kind("w", "⋯", "Waiting"),
    "running": Kind("r", "◌", "Being judged"),
    "failed": Kind("b", "⚠", "Can't be graded"),
    "missing": Kind("m", "·", "Missing"),
}

# A student who handed nothing in for a chapter has empty cells there: nothing to open.
NOTHING = "<td>"


@lru_cache(maxsize=2_000)
def _cell(cell: Cell) -> tuple[str, str]:
    """What stands before and behind the address, for this cell and all that are like it."""
    kind = KINDS[cell.kind]
    told = kind.words
    if cell.possible:
        told += f", {words.points(cell.points)} of {words.points(cell.possible)}"
    style = kind.style
    if cell.remarked:
        told, style = f"{told}, with a remark", f'"{kind.style} e"'
    return f'<td class={style}><a tabindex=-1 aria-label="{told}" href="', f'">{kind.sign}</a>'


def row(shown: Row, columns: Sequence[Column], base: str = "/") -> str:
    """One line of the table. `base` is the address of the class."""
    name = escape(shown.name or shown.key)
    parts = [
        f'<tr id=s{shown.student}><th scope=row><a href="{base}students/{shown.student}/">'
        f"{name}</a>{_asides(shown)}<td class=sum>{_sum(shown)}"
    ]
    answers = f"{base}answers/{shown.student}/"
    get = shown.cells.get
    for column in columns:
        cell = get(column[:2])
        if cell is None:
            parts.append(NOTHING)
        else:
            before, behind = _cell(cell)
            parts.append(f"{before}{answers}{column[0]}/{column[1]}/{behind}")
    return "".join(parts)


def _sum(shown: Row) -> str:
    if not shown.possible:
        return ""
    share = shown.points / shown.possible
    return f"<b>{words.points(shown.points)}</b> <small>{share:.0%}</small>"


def _asides(shown: Row) -> str:
    late = f"<small class=late>{shown.late} d late</small>" if shown.late else ""
    trouble = (
        f'<small class=trouble title="{escape(shown.trouble)}">⚠ problem</small>'
        if shown.trouble
        else ""
    )
    return late + trouble


def table(lines: Iterable[str], columns: Sequence[Column]) -> SafeString:
    """The whole table, of lines that `row` made."""
    body = "\n".join(lines)
    return mark_safe(  # noqa: S308 - everything in it is escaped above
        f"<table class=class aria-label='Students by exercises'>{_head(columns)}"
        f"<tbody>{body}</tbody></table>"
    )


def _head(columns: Sequence[Column]) -> str:
    chapters = "".join(
        f'<th scope=colgroup colspan={len(list(group))} title="{escape(chapter)}">'
        f"<a href='?chapter={escape(chapter)}'>{escape(number)} <span>{escape(_plain(chapter))}"
        "</span></a>"
        for (chapter, number), group in groupby(columns, key=lambda each: (each[0], each.number))
    )
    exercises = "".join(
        f'<th scope=col title="{escape(column.title)}"><span>{escape(_plain(column.exercise))}'
        "</span>"
        for column in columns
    )
    return (
        f"<thead><tr><th rowspan=2 scope=col class=corner>Student<th rowspan=2 scope=col "
        f"class=sum>Points{chapters}<tr>{exercises}</thead>"
    )


def _plain(name: str) -> str:
    return name.replace("_", " ")
