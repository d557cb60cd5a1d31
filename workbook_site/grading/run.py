"""Grading from the first file to the last: what `grade` does, without a word of how it is shown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbook_site.grading import keys, queue, store, taking
from workbook_site.grading.marks import Mark, marks
from workbook_site.grading.models import State, Submission
from workbook_site.grading.policy import Policy
from workbook_site.grading.team import Team
from workbook_site.intake import Handed

# Seconds between two looks at how far it is.
LOOK = 0.1


@dataclass
class Run:
    """One call: what was taken in, and what there was to do.

    `open`: how many to grade, what workers had done before the last was taken in among them."""

    taken: taking.Taken
    open: int
    without_solution: list[str] = field(default_factory=list)


def begin(handed: Handed, *, policy: Policy, regrade: bool = False, afresh: bool = False) -> Run:
    """Take everything in, and put into the queue whatever is not settled, from earlier calls too.

    With `regrade`, what is settled already as well: of the chapters named by these files.
    """
    if regrade or afresh:
        for chapter in chapters(handed):
            store.regrade(chapter, afresh=afresh)
    before = set(store.open_submissions().values_list("pk", flat=True))
    taken = taking.take_in(handed, policy=policy, afresh=afresh)
    store.apply_policy(policy)
    found = dict(store.open_submissions().values_list("pk", "chapter"))
    lacking = keys.without_solution(set(found.values()))
    if not lacking:
        store.free_the_dead()
        enqueue()
    return Run(taken, len(before | found.keys() | taken.to_grade), lacking)


def chapters(handed: Handed) -> set[str]:
    """Those that something was handed in for."""
    return {each.chapter for each in handed.submissions}


def enqueue() -> None:
    """Have everything graded that was taken in and is not in the queue yet."""
    waiting = Submission.objects.filter(state=State.RECEIVED).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True))
    queue.put(ids)
    store.queued(ids)


def follow(team: Team) -> Iterator[int]:
    """How many are left, again and again until none is. Raises `team.WorkersLost`."""
    before = -1
    while left := store.open_submissions().count():
        team.tend(progress=left != before)
        before = left
        yield left
        time.sleep(LOOK)


def chosen(policy: Policy, students: set[str] | None = None) -> list[Mark]:
    """The marks as they stand now; with `students`, of these only."""
    found = marks(policy=policy)
    return [mark for mark in found if students is None or mark.key in students]
