"""Every change of the gradebook but for taking in (`taking.py`): leased, settled, remarked.

Each function is one transaction, done whole or not at all, and doing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from workbook_site.checking import Outcome, Report
from workbook_site.grading import leases
from workbook_site.grading.models import (
    OPEN,
    Answer,
    Clock,
    Grade,
    Remark,
    State,
    Student,
    Submission,
    Verdict,
)
from workbook_site.grading.policy import Policy
from workbook_site.grading.text import scrubbed

Row = TypeVar("Row", Answer, Verdict)

# A worker that was lost this often while it had one submission is not lost by chance.
ATTEMPTS = 5
GAVE_UP = (
    "The worker that graded this was lost {count} times, so it was put aside. "
    "Repeat the command to try again; if it happens again, please report it."
)
OURS = "ours"

TICK = "UPDATE grading_clock SET now = now + 1 WHERE id = 1"
CHANGED = """UPDATE grading_student SET changed = (SELECT now FROM grading_clock WHERE id = 1)
WHERE id IN ({})"""


# --- The whole class ---


@transaction.atomic
def apply_policy(policy: Policy) -> None:
    """Bring the days of lateness up to what the file beside the gradebook says now."""
    told = Submission.objects.values_list("pk", "chapter", "received_at", "dated", "marked_late",
                                          "late_by", "student_id")  # fmt: skip
    students = set()
    for pk, chapter, received, dated, marked, before, student in told:
        days = policy.late_by(chapter, received if dated else None, marked)
        if days != before:
            Submission.objects.filter(pk=pk).update(late_by=days)
            students.add(student)
    touch(*students)


@transaction.atomic
def regrade(chapter: str | None = None, student: str | None = None, *, afresh: bool = False) -> int:
    """Have submissions graded again; how many. Verdicts whose answer, exercise and project are the
    same stay as they are, unless `afresh`. The old grades stay as history."""
    chosen = Submission.objects.filter(state__in=[State.GRADED, State.FAILED])
    chosen = chosen.filter(Q(state=State.GRADED) | Q(trouble=OURS))
    if chapter:
        chosen = chosen.filter(chapter=chapter)
    if student:
        chosen = chosen.filter(student__key=student)
    students = list(chosen.values_list("student_id", flat=True).distinct())
    count = chosen.update(
        state=State.RECEIVED, attempts=0, afresh=afresh, problem="", trouble="", settled_at=None
    )
    touch(*students)
    return count


def enroll(key: str, name: str, email: str) -> None:
    """Note what a roster says of a student."""
    with transaction.atomic():
        told = {"name": scrubbed(name), "email": scrubbed(email), "enrolled": True}
        student, new = Student.objects.get_or_create(key=scrubbed(key), defaults=told)
        if new or Student.objects.filter(pk=student.pk).exclude(**told).update(**told):
            touch(student.pk)


# --- Leasing ---


def open_submissions() -> QuerySet[Submission]:
    """All that somebody has to do something about."""
    return Submission.objects.filter(state__in=OPEN)


def queued(ids: Iterable[int]) -> None:
    """Note that these stand in the queue."""
    for some in portions(list(ids)):
        Submission.objects.filter(pk__in=some, state=State.RECEIVED).update(state=State.QUEUED)


def waiting() -> int | None:
    """The oldest submission that nobody works on, whatever the queue knows of it."""
    return Submission.objects.filter(_free()).order_by("pk").values_list("pk", flat=True).first()


def free_the_dead() -> int:
    """End the leases of holders that died on this machine; how many."""
    held = Submission.objects.filter(state=State.RUNNING).values_list("lease_holder", flat=True)
    dead = [name for name in set(held) if leases.gone(name)]
    if not dead:
        return 0
    return Submission.objects.filter(state=State.RUNNING, lease_holder__in=dead).update(
        state=State.QUEUED, lease_holder="", lease_until=None
    )


def lease(pk: int, holder: str) -> Submission | None:
    """Take a submission to work on; `None` when somebody else has it, or it is done.

    One that was taken too often is put aside instead.
    """
    with transaction.atomic():
        taken = Submission.objects.filter(_free(), pk=pk).update(
            state=State.RUNNING,
            lease_holder=holder,
            lease_until=Now() + leases.SPAN,
            attempts=F("attempts") + 1,
        )
        if not taken:
            return None
        submission = Submission.objects.get(pk=pk)
        touch(submission.student_id)
    if submission.attempts > ATTEMPTS:
        fail(pk, holder, GAVE_UP.format(count=ATTEMPTS), OURS)
        return None
    return submission


def renew(pk: int, holder: str) -> bool:
    """Go on holding it. `False`: it was lost, and what is made of it will not be kept."""
    return bool(_held(pk, holder).update(lease_until=Now() + leases.SPAN))


def release(pk: int, holder: str) -> None:
    """Give it back undone: the worker is asked to stop."""
    _held(pk, holder).update(
        state=State.RECEIVED, lease_holder="", lease_until=None, attempts=F("attempts") - 1
    )


def _free() -> Q:
    lost = Q(state=State.RUNNING, lease_until__lt=Now())
    return Q(state__in=[State.RECEIVED, State.QUEUED]) | lost


def _held(pk: int, holder: str) -> QuerySet[Submission]:
    return Submission.objects.filter(pk=pk, state=State.RUNNING, lease_holder=holder)


# --- Settling ---


@dataclass(frozen=True)
class Judged:
    """What came of one answer. `report` is `None` when the verdict under `key` is known already."""

    exercise: str
    text: str
    key: str
    note: str = ""
    report: Report | None = None


def known(keys: Iterable[str]) -> set[str]:
    """Those of these keys for which there is a verdict."""
    return set(Verdict.objects.filter(key__in=list(keys)).values_list("key", flat=True))


@transaction.atomic
def settle(
    submission: Submission, holder: str, judged: Sequence[Judged], notes: Sequence[str] = ()
) -> bool:
    """Write down all that came of a submission. `False`: the lease was lost, nothing is written."""
    done = _held(submission.pk, holder).update(
        state=State.GRADED,
        lease_holder="",
        lease_until=None,
        afresh=False,
        notes=[scrubbed(note) for note in notes],
        problem="",
        trouble="",
        settled_at=timezone.now(),
    )
    if not done:
        return False
    answers, verdicts = _answers(submission, judged), _verdicts(submission.chapter, judged)
    _give(submission, {answers[each.exercise]: verdicts[each.key] for each in judged})
    touch(submission.student_id)
    return True


def _verdicts(chapter: str, judged: Sequence[Judged]) -> dict[str, int]:
    """Their ids by key: of those known, and of those made now."""
    now = timezone.now()
    made = [
        Verdict(
            key=each.key,
            chapter=chapter,
            exercise=each.exercise,
            outcome=each.report.outcome,
            points=each.report.points,
            possible=each.report.possible,
            report=scrubbed(each.report.to_json()),
            made_at=now,
        )
        for each in judged
        if each.report is not None
    ]
    # One that somebody else made meanwhile stands: what is written over it is its own key.
    ids = _written(made, "key", unique=["key"], newer=["key"])
    others = {each.key for each in judged} - set(ids)
    if others:
        ids |= dict(Verdict.objects.filter(key__in=others).values_list("key", "pk"))
    return ids


def _answers(submission: Submission, judged: Sequence[Judged]) -> dict[str, int]:
    """Their ids by exercise."""
    rows = [
        Answer(
            submission=submission,
            exercise=each.exercise,
            text=scrubbed(each.text),
            key=each.key,
            note=scrubbed(each.note),
        )
        for each in judged
    ]
    unique, newer = ["submission", "exercise"], ["text", "key", "note"]
    ids = _written(rows, "exercise", unique=unique, newer=newer)
    if len(ids) < len(rows):
        found = Answer.objects.filter(submission=submission)
        ids = dict(found.values_list("exercise", "pk"))
    return ids


def _written(
    rows: Sequence[Row], name: str, *, unique: list[str], newer: list[str]
) -> dict[str, int]:
    """Write rows; of one that is there only the fields `newer` are. Their ids by the field `name`,
    as far as the database tells them: SQLite before 3.35 does not."""
    if not rows:
        return {}
    type(rows[0])._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=unique, update_fields=newer
    )
    return {getattr(row, name): row.pk for row in rows if row.pk is not None}


def _give(submission: Submission, wanted: dict[int, int]) -> None:
    """Make these (answer to verdict) the current grades, and no others; one that is current already
    stays as it is."""
    current = Grade.objects.filter(answer__submission=submission, current=True)
    there = dict(current.values_list("answer_id", "verdict_id"))
    gone = [answer for answer, verdict in there.items() if wanted.get(answer) != verdict]
    if gone:
        current.filter(answer__in=gone).update(current=False)
    now = timezone.now()
    Grade.objects.bulk_create(
        [
            Grade(answer_id=answer, verdict_id=verdict, current=True, made_at=now)
            for answer, verdict in wanted.items()
            if there.get(answer) != verdict
        ],
        update_conflicts=True,  # an exercise that was changed back
        unique_fields=["answer", "verdict"],
        update_fields=["current", "made_at"],
    )


@transaction.atomic
def fail(pk: int, holder: str, problem: str, trouble: str) -> bool:
    """Put it aside with a reason."""
    done = _held(pk, holder).update(
        state=State.FAILED,
        lease_holder="",
        lease_until=None,
        problem=scrubbed(problem),
        trouble=trouble,
        settled_at=timezone.now(),
    )
    if done:
        touch(Submission.objects.values_list("student_id", flat=True).get(pk=pk))
    return bool(done)


# --- Remarks, and what is asked often ---


@transaction.atomic
def remark(
    student: Student,
    chapter: str,
    exercise: str,
    *,
    by: str,
    points: float | None = None,
    comment: str = "",
) -> Remark:
    """Note an instructor's points or words. The newest counts; an empty one takes back the last."""
    made = Remark.objects.create(
        student=student,
        chapter=chapter,
        exercise=exercise,
        points=points,
        comment=scrubbed(comment),
        by=by,
        at=timezone.now(),
    )
    touch(student.pk)
    return made


def states() -> dict[str, int]:
    """How many submissions are in each state; states with none are left out."""
    counted = Submission.objects.order_by().values_list("state").annotate(Count("pk"))
    return {str(state): count for state, count in counted}


def cached(report: Report) -> bool:
    """May this verdict serve identical answers too? Not when we are to blame for it."""
    return report.outcome is not Outcome.OUR_FAULT and not any(
        result.outcome is Outcome.OUR_FAULT for result in report.results
    )


def touch(*students: int) -> None:
    """These students' rows look different from now on: a tick of the `Clock`, and their number.

    Call it inside the transaction that makes the change. It is called with every change, so it
    is said in SQL, which takes a tenth of the time.
    """
    if not students:
        return
    with connection.cursor() as cursor:
        cursor.execute(TICK)
        if not cursor.rowcount:
            Clock.objects.get_or_create(pk=1, defaults={"now": 1})
        for some in portions(list(students)):
            cursor.execute(CHANGED.format(", ".join(["%s"] * len(some))), some)


def portions(ids: list[Any], size: int = 500) -> Iterable[list[Any]]:
    """SQLite takes so many numbers in a question, and no more."""
    return (ids[begin : begin + size] for begin in range(0, len(ids), size))
