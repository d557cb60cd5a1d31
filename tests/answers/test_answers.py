"""Answers that learners give, each through the real judge: the right ones pass, whatever their
style, and each wrong one is told what it deserves to hear."""

import pytest

from workbook_site.building.content import Content
from workbook_site.checking.exercise import Exercise
from workbook_site.checking.report import Outcome

ANSWERS = Content().answers


def named(answer):
    return f"{answer.chapter}-{answer.exercise}-{answer.path.stem}"


def said(report):
    """Everything that the learner may read in a report, as one line."""
    words = [report.output]
    for result in report.results:
        words.append(result.sentence)
        if result.failure:
            wrong = result.failure
            words += [wrong.message, wrong.expected, wrong.actual, wrong.nudge, wrong.traceback]
    return " ".join(" ".join(filter(None, words)).split())


@pytest.mark.parametrize("answer", [each for each in ANSWERS if each.right], ids=named)
def test_a_right_answer_passes(answer, grade):
    report = grade(Exercise.load(answer.chapter, answer.exercise), answer.text)
    assert report.outcome is Outcome.PASSED, said(report)
    assert report.points == report.possible


@pytest.mark.parametrize("answer", [each for each in ANSWERS if not each.right], ids=named)
def test_a_wrong_answer_hears_what_it_deserves(answer, grade):
    report = grade(Exercise.load(answer.chapter, answer.exercise), answer.text)
    assert report.outcome is Outcome.NOT_YET, said(report)
    assert report.points < report.possible
    assert answer.expects in said(report)


def test_there_are_answers_of_both_kinds():
    assert {answer.right for answer in ANSWERS} == {True, False}
