"""Taking in: some files at a time, the same file once, however often and in whatever company."""

import shutil

import pytest

from tests.grading.small import RIGHT, Gradebook, hand_in

BEGIN = """
from pathlib import Path
from workbook_site import intake
from workbook_site.grading import opening, taking
opening.open_gradebook()
def take(*paths): return taking.take_in(intake.read([Path(each) for each in paths]))
"""


@pytest.fixture
def ask(tmp_path):
    gradebook = Gradebook(tmp_path)
    return lambda code: gradebook.ask(f"HANDED = {str(gradebook.handed)!r}\n{BEGIN}{code}")


@pytest.fixture
def handed(tmp_path):
    """More files than are kept in one transaction, no two alike."""
    folder = tmp_path / "class"
    for number in range(45):
        hand_in(folder, f"s{number:02}", {"total": f"# {number}\n{RIGHT['total']}"})
    return folder


def test_the_same_file_is_one_submission_in_one_call_and_in_the_next(ask, handed, tmp_path):
    twice = tmp_path / "again"
    shutil.copytree(handed, twice / "class")
    told = ask(f"""
both = take(HANDED, {str(twice / "class")!r})
more = take(HANDED)
say([len(both.new), len(both.known), set(both.known) == set(both.new), len(more.new),
     sorted(more.known) == sorted(both.new), Submission.objects.count(),
     Student.objects.filter(changed__gt=0).count()])
""")
    assert told == [45, 45, True, 0, True, 45, 45]


def test_what_is_refused_does_not_keep_its_neighbours_out(ask, handed):
    (handed / "s07" / "00_small.ipynb").write_text("{")
    told = ask("""
taken = take(HANDED)
(lost,) = Submission.objects.filter(state="failed")
say([len(taken.new), taken.refused == [lost.pk], lost.trouble,
     Submission.objects.filter(state="received").count()])
""")
    assert told == [45, True, "not-json", 44]


def test_nothing_of_a_portion_is_kept_when_it_breaks_off(ask, handed):
    """And the next call takes in all that is missing."""
    told = ask("""
from unittest import mock
with mock.patch.object(taking, "touch", side_effect=[None, OSError("broken off")]):
    try: take(HANDED)
    except OSError: pass
before = Submission.objects.count()
taken = take(HANDED)
say([before, len(taken.known), len(taken.new)])
""")
    assert told == [20, 20, 25]
