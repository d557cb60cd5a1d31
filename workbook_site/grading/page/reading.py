"""What the table shows, read from the database: four queries, however large the class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse

from workbook_site import project
from workbook_site.checking import Exercise
from workbook_site.checking.exercise import names
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

FEW = 200

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


class Head(NamedTuple):
    """Who a row is about, and the number of the change that it shows."""

    pk: int
    key: str
    name: str
    changed: int


def students(view: View, since: int = 0) -> list[Head]:
    """Who is in view, in the order of the table; with `since`, who changed after that."""
    found = view.students().filter(changed__gt=since) if since else view.students()
    return [Head(*row) for row in found.values_list(*Head._fields)]


def of_student(student: Student) -> Row:
    """One student's row, with every chapter in it."""
    head = Head(student.pk, student.key, student.name, student.changed)
    return rows([head], "", policy()[0])[0]


def policy() -> tuple[Policy, str]:
    """The late policy; none, and why, where its file can't be used: the class is shown still."""
    try:
        return Policy.read(), ""
    except PolicyError as error:
        return Policy(), str(error)


def rows(heads: list[Head], chapter: str, policy: Policy) -> list[Row]:
    """The rows of these students, for one chapter or, without a name, for all."""
    if not heads:
        return []
    # For many it is cheaper to read all than to name each.
    which = Which(chapter, [head.pk for head in heads] if len(heads) <= FEW else None)
    counting = _counting(which, policy)
    cells = _open(counting, chapter)
    _judged(cells, {one.pk for one in counting}, which)
    _remarked(cells, which)
    late, trouble = _late(counting), _trouble(counting)
    kept = {(one.student, one.chapter): 1 - policy.deduction(one.late_by) for one in counting}
    return [
        Row(
            head.pk,
            head.name or head.key,
            *_sum(head.pk, cells[head.pk], kept),
            cells[head.pk],
            head.changed,
            head.key,
            late.get(head.pk, 0),
            trouble.get(head.pk, ""),
        )
        for head in heads
    ]


class Which(NamedTuple):
    """Whose rows are read, and for which chapter; `None` and an empty name leave nobody out."""

    chapter: str
    students: list[int] | None

    def asked(self, before: str = "") -> dict[str, Any]:
        """As a filter; `before` leads to the row that has chapter and student."""
        asked: dict[str, Any] = {}
        if self.chapter:
            asked[f"{before}chapter"] = self.chapter
        if self.students is not None:
            asked[f"{before}student__in"] = self.students
        return asked


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


def _counting(which: Which, policy: Policy) -> list[One]:
    """The submission that counts for each student and chapter: the newest, or the best."""
    found = Submission.objects.filter(**which.asked()).order_by("received_at", "pk")
    all_of_them = [One(*row) for row in found.values_list(*One._fields)]
    if policy.best:
        best = {mark.submission for mark in marks(policy=policy, students=which.students)}
        return [one for one in all_of_them if one.pk in best]
    return list({(one.student, one.chapter): one for one in all_of_them}.values())


def _open(counting: list[One], chapter: str) -> Cells:
    """Cells as they are before there is a verdict."""
    blank: dict[tuple[str, str], dict[Place, Cell]] = defaultdict(dict)
    for column in View(chapter).columns:
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


def _judged(cells: Cells, counting: set[int], which: Which) -> None:
    """Put the verdicts on the submissions that count in their cells."""
    found = Grade.objects.filter(current=True, **which.asked("answer__submission__"))
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


def _remarked(cells: Cells, which: Which) -> None:
    """Let the newest remark on each cell have its say; an empty one takes the others back."""
    found = Remark.objects.filter(**which.asked()).order_by("pk")
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
