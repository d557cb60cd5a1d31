"""The table's lines as HTML, kept from one reader to the next.

A student's line is made anew when the student's number of change is another one, and never else:
every change that a line shows gives its student a new number, in the same transaction. The number
is read before the rest, so a line can only be newer than its number says.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from workbook_site.grading import store
from workbook_site.grading.page import reading, table
from workbook_site.grading.page.reading import View
from workbook_site.grading.page.table import Column

# So many views of the class are kept: all chapters, and those that are looked at most.
VIEWS = 4

Line = tuple[int, str]  # the number of change, the HTML
_kept: OrderedDict[str, dict[int, Line]] = OrderedDict()
_turning = threading.Lock()


@dataclass(frozen=True)
class Lines:
    """The class as of change `last`: a line for each student, by key, in the table's order."""

    lines: dict[int, str]
    columns: list[Column]
    last: int
    states: dict[str, int]
    # Why the late policy could not be applied; usually empty.
    problem: str = ""


def lines(view: View, since: int = 0) -> Lines:
    """The lines in view; with `since`, only those of students that changed after that.

    The number of the last change is read first: what comes in between is told once too often,
    never once too rarely.
    """
    last = reading.last_change()
    policy, problem = reading.policy()
    students = reading.students(view, since)
    kept = _of(f"{view.base} {view.chapter} {policy}")
    stale = [one for one in students if kept.get(one.pk, (-1, ""))[0] != one.changed]
    for row in reading.rows(stale, view.chapter, policy):
        kept[row.student] = row.changed, table.row(row, view.columns, view.base)
    made = {one.pk: kept[one.pk][1] for one in students}
    return Lines(made, view.columns, last, store.states(), problem)


def _of(view: str) -> dict[int, Line]:
    """What is kept for a view; the one that was not asked for longest makes room."""
    with _turning:
        found = _kept.setdefault(view, {})
        _kept.move_to_end(view)
        while len(_kept) > VIEWS:
            _kept.popitem(last=False)
        return found
