"""What must be true of an executed cell, without a kernel: the cells here are plain values."""

import pytest
from nbformat.v4 import new_code_cell, new_output

from workbook_site.building.expect import REPORT, failures
from workbook_site.checking import FailureData, Outcome, Report, Result


def cell(*outputs, tags=(), **metadata):
    made = new_code_cell("x = 1", outputs=list(outputs), metadata={"tags": list(tags), **metadata})
    return made


def told(made):
    return [failure.message for failure in failures(made, 1, "sums")]


def error(name="ValueError", value="\x1b[31mno\x1b[0m"):
    return new_output("error", ename=name, evalue=value, traceback=["\x1b[31mline 1\x1b[0m"])


def verdict(outcome, message="It gave 3."):
    wrong = None if outcome is Outcome.PASSED else FailureData(message, nudge="Count again.")
    points = 1.0 if outcome is Outcome.PASSED else 0.0
    result = Result("adds", "It adds.", outcome, points, 1.0, wrong)
    report = Report("add", "sums", "Add", outcome, points, 1.0, (result,))
    return new_output("display_data", data={REPORT: report.to_json(), "text/plain": "shown"})


EXERCISE = {"workbook": {"exercise": "add", "solved": True}}


def test_a_cell_that_ran_has_no_failures():
    assert told(cell(new_output("stream", name="stdout", text="1"))) == []


def test_an_error_is_fatal_and_told_without_colours():
    (failure,) = failures(cell(error()), 7, "sums")
    assert (failure.message, failure.detail) == ("ValueError: no", "line 1")
    assert (failure.number, failure.source, failure.fatal) == (7, "x = 1", True)


def test_an_expected_error_is_none():
    assert told(cell(error(), tags=["raises-exception"])) == []


def test_an_expected_error_that_does_not_come_is_one():
    (message,) = told(cell(tags=["raises-exception"]))
    assert "raised nothing" in message


def test_stderr_is_told_unless_it_is_meant():
    output = new_output("stream", name="stderr", text="never awaited")
    (failure,) = failures(cell(output), 1, "sums")
    assert "stderr" in failure.message
    assert failure.detail == "never awaited"
    assert told(cell(output, tags=["stderr"])) == []


def test_a_solution_that_passes():
    assert told(cell(verdict(Outcome.PASSED), **EXERCISE)) == []


@pytest.mark.parametrize("outcome", [Outcome.NOT_YET, Outcome.NOT_TRIED, Outcome.OUR_FAULT])
def test_a_solution_that_does_not_pass_is_told_with_the_reasons(outcome):
    (failure,) = failures(cell(verdict(outcome), **EXERCISE), 1, "sums")
    assert str(outcome) in failure.message
    for words in ("It adds.", "It gave 3.", "Count again."):
        assert words in failure.detail
    assert not failure.fatal


def test_an_exercise_without_a_verdict():
    output = new_output("stream", name="stdout", text="magic not found")
    (failure,) = failures(cell(output, **EXERCISE), 1, "sums")
    assert "no verdict" in failure.message
    assert failure.detail == "magic not found"


def test_an_exercise_without_a_solution():
    (message,) = told(cell(workbook={"exercise": "add"}))
    assert "solutions/sums/add.py" in message
