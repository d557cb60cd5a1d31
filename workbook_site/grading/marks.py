"""What each student has for each chapter: the submission that counts, with remarks and lateness.

A verdict's points are replaced by an instructor's where there are any; then lateness costs its
share of the sum. What was our fault is not counted as possible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workbook_site.checking import Exercise, ExerciseError, Outcome, UnknownExercise
from workbook_site.grading.models import Grade, Remark, State, Student, Submission
from workbook_site.grading.policy import Policy
from workbook_site.intake.answers import exercises
from workbook_site.project import UnknownChapter, find

Place = tuple[int, str, str]


@dataclass(frozen=True)
class ExerciseMark:
    """One exercise. `outcome` is empty when there is no verdict (yet). `manual`: an instructor's
    points."""

    exercise: str
    title: str
    outcome: str
    points: float
    possible: float
    manual: bool = False
    comment: str = ""
    note: str = ""


@dataclass(frozen=True)
class Mark:
    """A student's chapter. `points` is what remains of `reached` after lateness."""

    key: str
    name: str
    email: str
    chapter: str
    submission: int
    state: str
    source: str
    received_at: datetime
    problem: str
    trouble: str
    late_by: int
    reached: float
    points: float
    possible: float
    notes: Sequence[str] = ()
    exercises: Mapping[str, ExerciseMark] = field(default_factory=dict)
    older: int = 0


def marks(*, policy: Policy | None = None, students: Iterable[int] | None = None) -> list[Mark]:
    """The mark of every student and chapter that something was handed in for, by student."""
    policy = policy or Policy.read()
    rows = Submission.objects.defer("notebook").select_related("student")
    if students is not None:
        rows = rows.filter(student__in=list(students))
    handed: dict[tuple[int, str], list[Submission]] = defaultdict(list)
    for row in rows.order_by("student__name", "student__key", "chapter", "received_at", "pk"):
        handed[row.student_id, row.chapter].append(row)
    every = _every(students)
    remarks = _remarks(students)
    asked = {chapter: _asked(chapter) for chapter in {chapter for _, chapter in handed}}
    return [
        _counting([_mark(row, asked[row.chapter], every, remarks, policy) for row in found], policy)
        for found in handed.values()
    ]


def of(submission: Submission, *, policy: Policy | None = None) -> Mark:
    """The mark that this one submission brings."""
    students = [submission.student_id]
    asked = _asked(submission.chapter)
    return _mark(submission, asked, _every(students), _remarks(students), policy or Policy.read())


def not_handed_in() -> list[Student]:
    """Students on the roster who handed nothing in."""
    return list(Student.objects.filter(enrolled=True, submissions=None))


def _counting(found: list[Mark], policy: Policy) -> Mark:
    """The newest; or the best, the newer of two that are equal. What failed counts last."""
    chosen = max(enumerate(found), key=lambda each: _worth(each, policy.best))[1]
    return Mark(**{**chosen.__dict__, "older": len(found) - 1})


def _worth(each: tuple[int, Mark], best: bool) -> tuple[float, ...]:
    number, mark = each
    if not best:
        return (number,)
    return (mark.state == State.GRADED, mark.points, number)


def _mark(
    row: Submission,
    asked: Mapping[str, Exercise],
    every: Mapping[int, Mapping[str, tuple[str, float, float, str]]],
    remarks: Mapping[Place, Remark],
    policy: Policy,
) -> Mark:
    given = every.get(row.pk, {})
    told = {
        name: _exercise(
            asked[name], given.get(name), remarks.get((row.student_id, row.chapter, name))
        )
        for name in asked
    }
    reached = sum(each.points for each in told.values())
    return Mark(
        key=row.student.key,
        name=row.student.name,
        email=row.student.email,
        chapter=row.chapter,
        submission=row.pk,
        state=row.state,
        source=row.source,
        received_at=row.received_at,
        problem=row.problem,
        trouble=row.trouble,
        late_by=row.late_by,
        reached=round(reached, 6),
        points=round(reached * (1 - policy.deduction(row.late_by)), 6),
        possible=round(sum(each.possible for each in told.values()), 6),
        notes=row.notes,
        exercises=told,
    )


def _exercise(
    exercise: Exercise, given: tuple[str, float, float, str] | None, remark: Remark | None
) -> ExerciseMark:
    outcome, points, possible, note = given or ("", 0.0, exercise.points, "")
    manual = remark is not None and remark.points is not None
    if remark is not None and remark.points is not None:
        points, possible = remark.points, exercise.points
    comment = remark.comment if remark else ""
    return ExerciseMark(
        exercise.name, exercise.title, outcome, points, possible, manual, comment, note
    )


def _every(
    students: Iterable[int] | None,
) -> dict[int, dict[str, tuple[str, float, float, str]]]:
    """What is current, by submission and exercise: outcome, points, possible, note."""
    rows = Grade.objects.filter(current=True)
    if students is not None:
        rows = rows.filter(answer__submission__student__in=list(students))
    found: dict[int, dict[str, tuple[str, float, float, str]]] = defaultdict(dict)
    for submission, exercise, note, outcome, points, possible in rows.values_list(
        "answer__submission", "answer__exercise", "answer__note",
        "verdict__outcome", "verdict__points", "verdict__possible",
    ):  # fmt: skip
        found[submission][exercise] = (outcome, points, possible, note)
    return found


def _remarks(students: Iterable[int] | None) -> dict[Place, Remark]:
    rows = Remark.objects.order_by("pk")
    if students is not None:
        rows = rows.filter(student__in=list(students))
    return {(row.student_id, row.chapter, row.exercise): row for row in rows}


def place_of(chapter: str) -> tuple[int, str]:
    """Where a chapter stands among the others, to sort by; one that is no more comes last."""
    try:
        return find(chapter).number, chapter
    except UnknownChapter:
        return 1_000, chapter


def _asked(chapter: str) -> dict[str, Exercise]:
    """The chapter's exercises in order; none when the chapter is not there any more."""
    try:
        found = find(chapter)
        return {name: Exercise.load(found.name, name) for name in exercises(found)}
    except (LookupError, UnknownExercise, ExerciseError):
        return {}


def passed(mark: ExerciseMark) -> bool:
    """Was it right?"""
    return mark.outcome == Outcome.PASSED
