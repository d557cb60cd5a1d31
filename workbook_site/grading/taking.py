"""Taking in: what was handed in becomes submissions of students.

Some files at a time, each time in one transaction. Doing it again changes nothing: the same file
from the same student for the same chapter is the same submission.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from workbook_site.grading.models import OPEN, State, Student, Submission, Unplaced
from workbook_site.grading.policy import Policy
from workbook_site.grading.store import OURS, portions, touch
from workbook_site.grading.text import scrubbed
from workbook_site.intake import Handed, Opened, Submitted

# So many files are kept in one transaction, or so many bytes: what workers wait for at most, and
# what is held in memory.
FILES, BYTES = 20, 8 * 1024 * 1024

# What makes a submission: student, chapter, digest.
Key = tuple[int, str, str]


@dataclass
class Taken:
    """What came of taking in: `new` and `known` are ids of submissions, `refused` those among them
    that can't be graded, `again` known ones that get another chance; `unplaced` counts files on the
    list."""

    new: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    again: list[int] = field(default_factory=list)
    unplaced: int = 0

    @property
    def to_grade(self) -> set[int]:
        """Those that this call brought some work for, done by now or not."""
        return {*self.new, *self.again} - {*self.refused}


@dataclass(frozen=True)
class _Read:
    """One file, read, and who it is from."""

    submitted: Submitted
    opened: Opened
    student: int
    late_by: int

    @property
    def key(self) -> Key:
        return self.student, self.submitted.chapter, self.opened.digest

    def row(self, afresh: bool) -> Submission:
        now = timezone.now()
        return Submission(
            student_id=self.student,
            chapter=self.submitted.chapter,
            digest=self.opened.digest,
            received_at=self.submitted.received or now,
            dated=self.submitted.received is not None,
            source=scrubbed(self.submitted.source),
            notebook=self.opened.data,
            state=State.FAILED if self.opened.trouble else State.RECEIVED,
            problem=self.opened.problem,
            trouble=self.opened.trouble or "",
            marked_late=self.submitted.marked_late,
            late_by=self.late_by,
            afresh=afresh,
            settled_at=now if self.opened.trouble else None,
        )


def take_in(handed: Handed, *, policy: Policy | None = None, afresh: bool = False) -> Taken:
    """Keep all that was handed in. The same file again is the same submission.

    A submission whose worker was lost too often, or that failed by our fault, gets another chance.
    `afresh`: see `store.regrade`. Workers begin with what is kept while the rest is still taken in.
    """
    taken = Taken(unplaced=len(handed.unplaced))
    for some in _some(_read(handed.submissions, policy or Policy.read())):
        _keep(some, taken, afresh)
    for lost in handed.unplaced:
        Unplaced.objects.get_or_create(
            digest=lost.digest,
            defaults={
                "source": scrubbed(lost.source),
                "why": scrubbed(lost.why),
                "at": timezone.now(),
            },
        )
    taken.again += _another_chance(taken.known)
    return taken


def _read(submissions: list[Submitted], policy: Policy) -> Iterator[_Read]:
    names = [str(scrubbed(each.student))[:200] for each in submissions]
    students = _students(set(names))
    for submitted, name in zip(submissions, names, strict=True):
        late_by = policy.late_by(submitted.chapter, submitted.received, submitted.marked_late)
        yield _Read(submitted, submitted.open(), students[name], late_by)


def _students(keys: set[str]) -> dict[str, int]:
    """Their ids, by key; who is new gets one. A class at once: one by one takes a lot longer."""
    for some in portions(sorted(keys)):
        Student.objects.bulk_create([Student(key=key) for key in some], ignore_conflicts=True)
    found = (Student.objects.filter(key__in=some) for some in portions(sorted(keys)))
    return {key: pk for some in found for key, pk in some.values_list("key", "pk")}


def _some(read: Iterable[_Read]) -> Iterator[list[_Read]]:
    held: list[_Read] = []
    size = 0
    for each in read:
        held.append(each)
        size += len(each.opened.data or b"")
        if len(held) == FILES or size >= BYTES:
            yield held
            held, size = [], 0
    if held:
        yield held


@transaction.atomic
def _keep(read: list[_Read], taken: Taken, afresh: bool) -> None:
    known = set(_there(read))
    new = {each.key: each for each in read if each.key not in known}
    # Another command may take the same in at this moment: then it is one submission all the same.
    rows = [each.row(afresh) for each in new.values()]
    Submission.objects.bulk_create(rows, ignore_conflicts=True)
    touch(*{each.student for each in new.values()})
    there = _there(read)
    for each in read:
        submission = there[each.key]
        if new.get(each.key) is each:
            taken.new.append(submission.pk)
        else:
            taken.known.append(submission.pk)
            _again(submission, each)
        if each.opened.trouble:
            taken.refused.append(submission.pk)


def _there(read: list[_Read]) -> dict[Key, Submission]:
    """Those of them that are kept already; without the notebooks, which may be large."""
    found = Submission.objects.filter(
        digest__in={each.opened.digest for each in read},
        student__in={each.student for each in read},  # a whole class may have the same file
    )
    return {(each.student_id, each.chapter, each.digest): each for each in found.defer("notebook")}


def _again(submission: Submission, read: _Read) -> None:
    """The same bytes handed in later. If others came in between, these count again from then on;
    a file that was merely copied, with nothing in between, is no later for it."""
    received = read.submitted.received
    if not received or received <= submission.received_at:
        return
    between = Submission.objects.filter(
        student=submission.student_id,
        chapter=submission.chapter,
        received_at__gt=submission.received_at,
        received_at__lt=received,
    )
    if between.exclude(pk=submission.pk).exists():
        submission.received_at, submission.late_by = received, read.late_by
        submission.save(update_fields=["received_at", "late_by"])
        touch(submission.student_id)


def _another_chance(known: list[int]) -> list[int]:
    """The ids of those that had failed by our fault."""
    failed: list[int] = []
    for some in portions(known):
        chosen = Submission.objects.filter(pk__in=some)
        chosen.filter(state__in=OPEN).exclude(attempts=0).update(attempts=0)
        again = chosen.filter(state=State.FAILED, trouble=OURS)
        failed += again.values_list("pk", flat=True)
        again.update(state=State.RECEIVED, attempts=0, problem="", trouble="")
    return failed
