"""One row a student, as CSV.

What a stranger may have typed (a name, a key) never begins a cell so that a spreadsheet takes it
for a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from workbook_site.grading.marks import Mark, place_of
from workbook_site.grading.models import State, Student
from workbook_site.project import UnknownChapter, find

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def grades_csv(marks: Sequence[Mark]) -> str:
    """All there is in numbers: per chapter each exercise, what was reached, days late, points; then
    the total. Empty: nothing was handed in."""
    by_student, chapters = _grouped(marks)
    names = {chapter: _exercises(marks, chapter) for chapter in chapters}
    head = ["student", "name", "email"]
    for chapter in chapters:
        head += [f"{chapter}/{name}" for name in names[chapter]]
        head += [f"{chapter} reached", f"{chapter} days late", f"{chapter} points"]
        head += [f"{chapter} possible", f"{chapter} problem"]
    rows = [
        [*told, *(cell for chapter in chapters for cell in _cells(of.get(chapter), names[chapter])),
         *_total(of.values())]
        for told, of in by_student
    ]  # fmt: skip
    return _csv([*head, "points", "possible"], rows)


def canvas_csv(marks: Sequence[Mark]) -> str:
    """The columns that Canvas imports: a student is found by the id in the file's name."""
    by_student, chapters = _grouped(marks)
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *map(_title, chapters)]
    possible = [_number(_possible(marks, chapter)) for chapter in chapters]
    rows: list[list[str]] = [["    Points Possible", "", "", "", "", *possible]]
    for (key, name, email), of in by_student:
        word, _, number = key.rpartition(" ")
        own = number if word and number.isdecimal() else key
        points = [_points(of.get(chapter)) for chapter in chapters]
        rows.append([name or word or key, own, "", email, "", *points])
    return _csv(head, rows)


def moodle_csv(marks: Sequence[Mark]) -> str:
    """The columns that Moodle imports: Grades > Import > CSV file, mapped by id or by email."""
    by_student, chapters = _grouped(marks)
    head = ["Identifier", "ID number", "Full name", "Email address"]
    head += [f"Assignment: {_title(chapter)} (Real)" for chapter in chapters]
    rows = []
    for (key, name, email), of in by_student:
        word, _, number = key.rpartition(" ")
        moodles = bool(word) and number.isdecimal()
        told = [f"Participant {number}" if moodles else "", "" if moodles else key]
        points = [_points(of.get(chapter)) for chapter in chapters]
        rows.append([*told, name or (word if moodles else key), email, *points])
    return _csv(head, rows)


def _grouped(
    marks: Sequence[Mark],
) -> tuple[list[tuple[list[str], dict[str, Mark]]], list[str]]:
    """The students in order with their marks by chapter, and the chapters in order.

    Whoever is on the roster has a row, with or without a submission.
    """
    of: dict[str, dict[str, Mark]] = {}
    told = {key: [key, name, email] for key, name, email in _students()}
    for mark in marks:
        told.setdefault(mark.key, [mark.key, mark.name, mark.email])
        of.setdefault(mark.key, {})[mark.chapter] = mark
    chapters = sorted({mark.chapter for mark in marks}, key=place_of)
    return [(told[key], of.get(key, {})) for key in told], chapters


def _students() -> Iterable[tuple[str, str, str]]:
    return Student.objects.values_list("key", "name", "email")


def _exercises(marks: Sequence[Mark], chapter: str) -> list[str]:
    return next(list(mark.exercises) for mark in marks if mark.chapter == chapter)


def _possible(marks: Sequence[Mark], chapter: str) -> float:
    return max(mark.possible for mark in marks if mark.chapter == chapter)


def _cells(mark: Mark | None, names: Sequence[str]) -> list[str]:
    if mark is None:
        return [""] * (len(names) + 5)
    told = [_number(mark.exercises[name].points) if name in mark.exercises else ""
            for name in names]  # fmt: skip
    reached, late, possible = mark.reached, mark.late_by, mark.possible
    return [*told, _number(reached), str(late), _points(mark), _number(possible), mark.problem]


def _total(marks: Iterable[Mark]) -> list[str]:
    found = list(marks)
    return [_number(sum(each.points for each in found)),
            _number(sum(each.possible for each in found))]  # fmt: skip


def _points(mark: Mark | None) -> str:
    """What a platform should note: nothing before it is settled."""
    settled = mark is not None and mark.state in (State.GRADED, State.FAILED)
    return _number(mark.points) if mark is not None and settled else ""


def _number(value: float) -> str:
    return f"{round(value, 2):g}"


def _title(chapter: str) -> str:
    try:
        return find(chapter).stem.replace("_", " ")
    except UnknownChapter:
        return chapter


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return file.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
