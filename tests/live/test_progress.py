"""What is kept of the learner's verdicts."""

import json
import multiprocessing
from datetime import UTC, datetime

from workbook_site.checking.report import Outcome, Report
from workbook_site.live import progress

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASSED, NOT_YET = Outcome.PASSED, Outcome.NOT_YET


def note(state, outcome, answer="x", points=0.0, exercise="double", now=NOON):
    report = Report(exercise, "first", "Twice", outcome, points, 2.0)
    return progress.record(state, report, answer, now)


def test_an_entry_tells_the_whole_story(tmp_path):
    note(tmp_path, NOT_YET, "n + 2", 1.0)
    note(tmp_path, PASSED, "n * 2", 2.0)
    told = json.loads((tmp_path / "progress.json").read_text())["first/double"]
    assert len(told.pop("answer_sha")) == 64
    assert told == {
        "outcome": "passed",
        "points": 2.0,
        "possible": 2.0,
        "tries": 2,
        "solved_at": "2026-11-23T12:00:00+00:00",
    }


def test_what_was_solved_stays_solved(tmp_path):
    note(tmp_path, PASSED, points=2.0)
    later = note(tmp_path, NOT_YET, "worse", now=NOON.replace(hour=13))
    assert (later["outcome"], later["points"]) == ("passed", 2.0)
    assert later["solved_at"].startswith("2026-11-23T12")


def test_a_try_is_an_answer_that_differs(tmp_path):
    tries = [note(tmp_path, NOT_YET, answer)["tries"] for answer in ("a", "a", "b", "b", "a")]
    assert tries == [1, 1, 2, 2, 3]


def test_an_untouched_cell_and_our_own_fault_are_no_tries(tmp_path):
    assert note(tmp_path, Outcome.NOT_TRIED)["tries"] == 0
    note(tmp_path, NOT_YET, points=1.0)
    told = note(tmp_path, Outcome.OUR_FAULT, "b")
    assert (told["outcome"], told["points"], told["tries"]) == ("not yet", 1.0, 1)


def test_a_file_that_can_not_be_read_is_begun_anew(tmp_path):
    (tmp_path / "progress.json").write_text("{half")
    assert progress.read(tmp_path) == {}
    note(tmp_path, PASSED)
    assert list(progress.read(tmp_path)) == ["first/double"]


def solve_many(folder, name, start):
    start.wait()
    for n in range(20):
        note(folder, NOT_YET, str(n), exercise=f"{name}{n}")


def test_two_kernels_that_write_at_once_lose_nothing(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(2)
    both = [spawn.Process(target=solve_many, args=(tmp_path, name, start)) for name in "ab"]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(progress.read(tmp_path)) == 40
