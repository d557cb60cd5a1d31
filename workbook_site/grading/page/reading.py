"""What the table shows, read from the database: four queries, however large the class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse

from workbook_site import project
from workbook_site.checking import Exercise
from workbook_site.checking.exercise import names
from workbook_site.grading import store
from workbook_site.grading.marks import marks
from workbook_site.grading.models import OPEN, Clock, Grade, Remark, State, Student, Submission
from workbook_site.grading.page.table import Cell, Column, Row
from workbook_site.grading.policy import Policy, PolicyError

# What a cell shows while, or because, there is no verdict.
BEFORE: dict[str, str] = {
    State.RECEIVED: "waiting",
    State.QUEUED: "waiting",
    State.RUNNING: "running",
    State.FAILED: "failed",
}

Place = tuple[str, str]  # chapter, exercise


@dataclass(frozen=True)
class View:
    """What a reader chose to see: one chapter or all, students by a part of their name."""

    chapter: str = ""
    search: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> View:
        """From an address's query; a chapter that does not exist is none."""
        chapter = str(asked.get("chapter", ""))
        known = {column.chapter for column in columns()}
        return cls(chapter if chapter in known else "", str(asked.get("search", ""))[:100].strip())

    @property
    def base(self) -> str:
        """The address of the class, which all others stand below."""
        return reverse("class")

    @property
    def columns(self) -> list[Column]:
        """The exercises in view."""
        return [column for column in columns() if self.chapter in ("", column.chapter)]

    def students(self) -> QuerySet[Student]:
        """The students in view, in the order of the table."""
        found = Student.objects.order_by("name", "key")
        if self.search:
            found = found.filter(Q(name__icontains=self.search) | Q(key__icontains=self.search))
        return found


@dataclass(frozen=True)
class Class:
    """Rows and columns as of change `last`; how many submissions are in which state."""

    rows: list[Row]
    columns: list[Column]
    last: int
    states: dict[str, int] = field(default_factory=dict)
    # Why the late policy could not be applied; usually empty.
    problem: str = ""


@cache
def columns() -> tuple[Column, ...]:
    """Every exercise, in the order of reading. Read once: they change with the workbook."""
    return tuple(
        Column(chapter.name, name, f"{chapter.number:02}", *_title(chapter.name, name))
        for chapter in project.chapters()
        for name in _in_order(chapter)
    )


def _in_order(chapter: project.Chapter) -> list[str]:
    there = names(chapter.name)
    printed = [cell.metadata.get("workbook", {}).get("exercise") for cell in project.cells(chapter)]
    return [name for name in dict.fromkeys([*printed, *there]) if name in there]


def _title(chapter: str, name: str) -> tuple[str, float]:
    exercise = Exercise.load(chapter, name)
    return exercise.title, exercise.points


def last_change() -> int:
    """The number of the last committed change that the table may show."""
    return Clock.objects.filter(pk=1).values_list("now", flat=True).first() or 0


def klass(view: View, since: int = 0) -> Class:
    """The class; with `since`, only the students that changed after that.

    The number of the last change is read first: what comes in between is told once too often,
    never once too rarely.
    """
    last = last_change()
    students = view.students()
    if since:
        students = students.filter(changed__gt=since)
    found = list(students.values_list("pk", "key", "name", "changed"))
    only = [pk for pk, *_ in found] if since or view.search else None
    policy, problem = _policy()
    rows = _rows(found, view, only, policy)
    return Class(rows, view.columns, last, store.states(), problem)


def of_student(student: Student) -> Row:
    """One student's row, with every chapter in it."""
    found = [(student.pk, student.key, student.name, student.changed)]
    return _rows(found, View(), [student.pk], _policy()[0])[0]


def _policy() -> tuple[Policy, str]:
    """The late policy; none, and why, where its file can't be used: the class is shown still."""
    try:
        return Policy.read(), ""
    except PolicyError as error:
        return Policy(), str(error)


def _rows(
    found: list[tuple[int, str, str, int]], view: View, only: list[int] | None, policy: Policy
) -> list[Row]:
    """The rows of these students; `only` are their keys, unless that is everybody."""
    counting = _counting(view, only, policy)
    cells = _open(counting, view)
    _judged(cells, {one.pk for one in counting}, view, only)
    _remarked(cells, view, only)
    late, trouble = _late(counting), _trouble(counting)
    kept = {(one.student, one.chapter): 1 - policy.deduction(one.late_by) for one in counting}
    return [
        Row(
            pk,
            name or key,
            *_sum(pk, cells[pk], kept),
            cells[pk],
            changed,
            key,
            late.get(pk, 0),
            trouble.get(pk, ""),
        )
        for pk, key, name, changed in found
    ]


def _sum(
    student: int, cells: dict[Place, Cell], kept: Mapping[tuple[int, str], float]
) -> tuple[float, float]:
    """Points and possible ones, by the same rules as `grading.marks`, which is the long way."""
    points = sum(
        cell.points * kept.get((student, chapter), 1.0) for (chapter, _), cell in cells.items()
    )
    return points, sum(cell.possible for cell in cells.values())


Cells = defaultdict[int, dict[Place, Cell]]


class One(NamedTuple):
    """A submission, as far as the table goes."""

    pk: int
    student: int
    chapter: str
    state: str
    late_by: int
    problem: str


def _counting(view: View, only: list[int] | None, policy: Policy) -> list[One]:
    """The submission that counts for each student and chapter: the newest, or the best."""
    found = Submission.objects.order_by("received_at", "pk")
    if view.chapter:
        found = found.filter(chapter=view.chapter)
    if only is not None:
        found = found.filter(student__in=only)
    all_of_them = [One(*row) for row in found.values_list(*One._fields)]
    if policy.best:
        best = {mark.submission for mark in marks(policy=policy, students=only)}
        return [one for one in all_of_them if one.pk in best]
    return list({(one.student, one.chapter): one for one in all_of_them}.values())


def _open(counting: list[One], view: View) -> Cells:
    """Cells as they are before there is a verdict."""
    blank: dict[tuple[str, str], dict[Place, Cell]] = defaultdict(dict)
    for column in view.columns:
        for state in State.values:
            # What is still to be judged is not held against anybody yet.
            possible = 0.0 if state in OPEN else column.possible
            cell = Cell(BEFORE.get(state, "missing"), 0.0, possible)
            blank[column.chapter, state][column[:2]] = cell
    cells: Cells = defaultdict(dict)
    for one in counting:
        cells[one.student].update(blank[one.chapter, one.state])
    return cells


def _late(counting: list[One]) -> dict[int, int]:
    late: dict[int, int] = {}
    for one in counting:
        late[one.student] = max(late.get(one.student, 0), one.late_by)
    return late


def _trouble(counting: list[One]) -> dict[int, str]:
    return {one.student: one.problem for one in counting if one.problem}


def _judged(cells: Cells, counting: set[int], view: View, only: list[int] | None) -> None:
    """Put the verdicts on the submissions that count in their cells."""
    found = Grade.objects.filter(current=True)
    if view.chapter:
        found = found.filter(answer__submission__chapter=view.chapter)
    if only is not None:
        found = found.filter(answer__submission__student__in=only)
    for submission, student, chapter, exercise, outcome, points, possible in found.values_list(
        "answer__submission",
        "answer__submission__student",
        "answer__submission__chapter",
        "answer__exercise",
        "verdict__outcome",
        "verdict__points",
        "verdict__possible",
    ):
        if submission in counting:
            kind = "partly" if points and outcome == "not yet" else outcome
            cells[student][chapter, exercise] = Cell(kind, points, possible)


def _remarked(cells: Cells, view: View, only: list[int] | None) -> None:
    """Let the newest remark on each cell have its say; an empty one takes the others back."""
    found = Remark.objects.order_by("pk")
    if view.chapter:
        found = found.filter(chapter=view.chapter)
    if only is not None:
        found = found.filter(student__in=only)
    newest: dict[tuple[int, str, str], tuple[float | None, str]] = {
        (student, chapter, exercise): (points, comment)
        for student, chapter, exercise, points, comment in found.values_list(
            "student", "chapter", "exercise", "points", "comment"
        )
    }
    for (student, chapter, exercise), (points, comment) in newest.items():
        if points is not None or comment:
            place = (chapter, exercise)
            cells[student][place] = _said(cells[student].get(place), place, points)


def _said(cell: Cell | None, place: Place, points: float | None) -> Cell:
    cell = (cell or Cell("missing"))._replace(remarked=True)
    if points is None:
        return cell
    possible = cell.possible or next((c.possible for c in columns() if c[:2] == place), 0.0)
    return cell._replace(points=points, possible=possible)
