"""Every change of the gradebook: taken in, leased, settled, remarked.

Each function is one transaction, done whole or not at all, and doing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
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
    Unplaced,
    Verdict,
)
from workbook_site.grading.policy import Policy
from workbook_site.grading.text import scrubbed
from workbook_site.intake import Handed, Opened, Submitted

# A worker that was lost this often while it had one submission is not lost by chance.
ATTEMPTS = 5
GAVE_UP = (
    "The worker that graded this was lost {count} times, so it was put aside. "
    "Repeat the command to try again; if it happens again, please report it."
)
OURS = "ours"


# --- Taking in ---


@dataclass
class Taken:
    """What came of taking in: `new` and `known` are ids of submissions, `refused` those among
    them that can't be graded, `unplaced` counts files on the list."""

    new: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    unplaced: int = 0


def take_in(handed: Handed, *, policy: Policy | None = None, afresh: bool = False) -> Taken:
    """Keep all that was handed in. The same file again is the same submission.

    A submission whose worker was lost too often, or that failed by our fault, gets another chance.
    `afresh`: see `regrade`. Workers begin with what is kept while the rest is still taken in.
    """
    policy, taken = policy or Policy.read(), Taken(unplaced=len(handed.unplaced))
    students = _students({_key(submitted) for submitted in handed.submissions})
    for submitted in handed.submissions:
        opened = submitted.open()
        _keep(students[_key(submitted)], submitted, opened, policy, taken, afresh)
    for lost in handed.unplaced:
        Unplaced.objects.get_or_create(
            digest=lost.digest,
            defaults={
                "source": scrubbed(lost.source),
                "why": scrubbed(lost.why),
                "at": timezone.now(),
            },
        )
    _another_chance(taken.known)
    return taken


def _key(submitted: Submitted) -> str:
    return str(scrubbed(submitted.student))[:200]


def _students(keys: set[str]) -> dict[str, int]:
    """Their ids, by key; who is new gets one. A class at once: one by one takes a lot longer."""
    for some in _portions(sorted(keys)):
        Student.objects.bulk_create([Student(key=key) for key in some], ignore_conflicts=True)
    found = (Student.objects.filter(key__in=some) for some in _portions(sorted(keys)))
    return {key: pk for some in found for key, pk in some.values_list("key", "pk")}


@transaction.atomic
def _keep(
    student: int,
    submitted: Submitted,
    opened: Opened,
    policy: Policy,
    taken: Taken,
    afresh: bool,
) -> None:
    received = submitted.received or timezone.now()
    late_by = policy.late_by(submitted.chapter, submitted.received, submitted.marked_late)
    submission, new = Submission.objects.get_or_create(
        student_id=student,
        chapter=submitted.chapter,
        digest=opened.digest,
        defaults={
            "received_at": received,
            "dated": submitted.received is not None,
            "source": scrubbed(submitted.source),
            "notebook": opened.data,
            "state": State.FAILED if opened.trouble else State.RECEIVED,
            "problem": opened.problem,
            "trouble": opened.trouble or "",
            "marked_late": submitted.marked_late,
            "late_by": late_by,
            "afresh": afresh,
            "settled_at": timezone.now() if opened.trouble else None,
        },
    )
    (taken.new if new else taken.known).append(submission.pk)
    if opened.trouble:
        taken.refused.append(submission.pk)
    if new:
        _touch(student)
    elif submitted.received and submitted.received > submission.received_at:
        _again(submission, submitted, late_by)


def _again(submission: Submission, submitted: Submitted, late_by: int) -> None:
    """The same bytes handed in later. If others came in between, these count again from then on;
    a file that was merely copied, with nothing in between, is no later for it."""
    assert submitted.received is not None
    between = Submission.objects.filter(
        student=submission.student_id,
        chapter=submission.chapter,
        received_at__gt=submission.received_at,
        received_at__lt=submitted.received,
    )
    if between.exclude(pk=submission.pk).exists():
        submission.received_at, submission.late_by = submitted.received, late_by
        submission.save(update_fields=["received_at", "late_by"])
        _touch(submission.student_id)


def _another_chance(known: list[int]) -> None:
    for some in _portions(known):
        Submission.objects.filter(pk__in=some, state__in=OPEN).exclude(attempts=0).update(
            attempts=0
        )
        again = Submission.objects.filter(pk__in=some, state=State.FAILED, trouble=OURS)
        again.update(state=State.RECEIVED, attempts=0, problem="", trouble="")


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
    _touch(*students)


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
    _touch(*students)
    return count


def enroll(key: str, name: str, email: str) -> None:
    """Note what a roster says of a student."""
    with transaction.atomic():
        told = {"name": scrubbed(name), "email": scrubbed(email), "enrolled": True}
        student, new = Student.objects.get_or_create(key=scrubbed(key), defaults=told)
        if new or Student.objects.filter(pk=student.pk).exclude(**told).update(**told):
            _touch(student.pk)


# --- Leasing ---


def open_submissions() -> QuerySet[Submission]:
    """All that somebody has to do something about."""
    return Submission.objects.filter(state__in=OPEN)


def queued(ids: Iterable[int]) -> None:
    """Note that these stand in the queue."""
    for some in _portions(list(ids)):
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
        _touch(submission.student_id)
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
    _touch(submission.student_id)
    return True


def _verdicts(chapter: str, judged: Sequence[Judged]) -> dict[str, int]:
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
    Verdict.objects.bulk_create(made, ignore_conflicts=True)
    keys = [each.key for each in judged]
    return dict(Verdict.objects.filter(key__in=keys).values_list("key", "pk"))


def _answers(submission: Submission, judged: Sequence[Judged]) -> dict[str, int]:
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
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["submission", "exercise"],
        update_fields=["text", "key", "note"],
    )
    found = Answer.objects.filter(submission=submission)
    return dict(found.values_list("exercise", "pk"))


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
        _touch(Submission.objects.values_list("student_id", flat=True).get(pk=pk))
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
    _touch(student.pk)
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


def _touch(*students: int) -> None:
    """These students' rows look different from now on."""
    if students:
        now = Clock.tick()
        for some in _portions(list(students)):
            Student.objects.filter(pk__in=some).update(changed=now)


def _portions(ids: list[Any], size: int = 500) -> Iterable[list[Any]]:
    """SQLite takes so many numbers in a question, and no more."""
    return (ids[begin : begin + size] for begin in range(0, len(ids), size))
