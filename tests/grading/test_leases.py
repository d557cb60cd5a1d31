"""Who works on what: taken once, renewed, lost, given back."""

import pytest

from tests.grading.small import RIGHT, Gradebook, hand_in

BEGIN = """
from pathlib import Path
from datetime import timedelta
from django.utils import timezone
from workbook_site import intake
from workbook_site.checking import Exercise, Outcome, Report
from workbook_site.grading import leases, opening, taking
opening.open_gradebook()
taking.take_in(intake.read([Path(HANDED)]))
pk = Submission.objects.get().pk
def late(): Submission.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
def report(points): return Report("total", "small", "T", Outcome.PASSED, points, 2.0)
def judged(points=2.0, key="k"): return [store.Judged("total", "x", key, "", report(points))]
"""


@pytest.fixture
def ask(tmp_path):
    gradebook = Gradebook(tmp_path)
    hand_in(gradebook.handed, "ann", RIGHT)
    return lambda code: gradebook.ask(f"HANDED = {str(gradebook.handed)!r}\n{BEGIN}{code}")


def test_one_holder_at_a_time(ask):
    assert ask("""
one = store.lease(pk, "a")
say([bool(one), store.lease(pk, "b") is None, store.waiting()])
""") == [True, True, None]


def test_a_lease_that_ran_out_is_anybodys_and_the_first_holder_writes_nothing(ask):
    assert ask("""
mine = store.lease(pk, "a")
late()
theirs = store.lease(pk, "b")
say([store.settle(mine, "a", judged()), store.renew(pk, "a"), Grade.objects.count(),
     store.settle(theirs, "b", judged()), Grade.objects.count()])
""") == [False, False, 0, True, 1]


def test_a_renewed_lease_holds(ask):
    assert ask("""
mine = store.lease(pk, "a")
late()
say([store.renew(pk, "a"), store.lease(pk, "b") is None])
""") == [True, True]


def test_settling_twice_writes_once(ask):
    assert ask("""
mine = store.lease(pk, "a")
say([store.settle(mine, "a", judged()), store.settle(mine, "a", judged(0.0, "other")),
     Grade.objects.count(), Grade.objects.get().verdict.points])
""") == [True, False, 1, 2.0]


def test_settling_needs_no_database_that_gives_back_what_it_wrote(ask):
    """SQLite before 3.35 gives back nothing."""
    assert ask("""
from django.db import connection
type(connection.features).can_return_rows_from_bulk_insert = False
for points in (1.0, 2.0):
    Submission.objects.update(state="received")
    store.settle(store.lease(pk, "a"), "a", judged(points, f"k{points}"))
say([list(Grade.objects.filter(current=current).values_list("verdict__points", flat=True))
     for current in (True, False)])
""") == [[2.0], [1.0]]


def test_who_died_on_this_machine_is_seen_to_be_dead(ask):
    assert ask("""
import subprocess, sys
held = subprocess.run([sys.executable, "-c", "from workbook_site.grading import leases;"
                       "print(leases.holder())"], capture_output=True, text=True).stdout.strip()
store.lease(pk, held)
alive = leases.gone(leases.holder())
say([alive, leases.gone("elsewhere 12 34"), store.free_the_dead(), store.waiting() == pk])
""") == [False, False, 1, True]


def test_a_worker_lost_again_and_again_is_not_sent_after_the_others(ask):
    assert ask("""
for number in range(store.ATTEMPTS):
    assert store.lease(pk, f"w{number}"); late()
last = store.lease(pk, "last")
row = Submission.objects.get()
say([last, row.state, row.trouble, "put aside" in row.problem])
""") == [None, "failed", "ours", True]


def test_handing_in_again_gives_it_another_chance(ask):
    assert ask("""
for number in range(store.ATTEMPTS + 1):
    store.lease(pk, f"w{number}"); late()
taking.take_in(intake.read([Path(HANDED)]))
say([Submission.objects.get().state, bool(store.lease(pk, "a"))])
""") == ["received", True]


def test_given_back_undone_it_waits_again(ask):
    assert ask("""
store.lease(pk, "a"); store.release(pk, "a")
row = Submission.objects.get()
say([row.state, row.attempts, store.waiting() == pk])
""") == ["received", 0, True]


def test_a_fault_of_ours_is_no_verdict_for_others(ask):
    assert ask("""
import dataclasses
ours = dataclasses.replace(report(0.0), outcome=Outcome.OUR_FAULT)
say([store.cached(report(2.0)), store.cached(ours)])
""") == [True, False]


def test_changes_are_counted_in_the_order_of_their_commits(ask):
    assert ask("""
before = Student.objects.get().changed
mine = store.lease(pk, "a"); leased = Student.objects.get().changed
store.settle(mine, "a", judged()); settled = Student.objects.get().changed
say(0 < before < leased < settled)
""")
