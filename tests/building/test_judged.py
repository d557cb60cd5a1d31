"""The rules that need a judge, with a real one."""

import pytest

from workbook_site.building.printing import build
from workbook_site.building.rules import Content
from workbook_site.building.rules.judged import judgeable, look_at
from workbook_site.checking.exercise import Exercise

SOLUTION = "solutions/sums/add.py"


@pytest.fixture
def spoilt(printed, grade):
    """Change one text of the exercise `add`; what the judge then finds about it."""

    def found(path, old, new):
        printed.change(path, old, new)
        assert not build().wrong
        findings = look_at(Exercise.load("sums", "add"), grade)
        assert all(finding.where == SOLUTION for finding in findings)
        return " ".join(finding.message for finding in findings)

    return found


def test_an_exercise_in_order_has_no_findings(spoilt):
    assert spoilt(SOLUTION, "number + 1", "1 + number") == ""


def test_a_solution_that_fails_is_told_with_the_check_that_says_so(spoilt):
    told = spoilt(SOLUTION, "number + 1", "number + 2")
    assert "judged 'not yet'" in told
    assert "`add` gives the right number." in told


def test_a_starter_that_is_right_is_told(spoilt):
    told = spoilt(SOLUTION, "BEGIN SOLUTION", "BEGIN SOLUTION\n    ### STARTER: return 1 + number")
    assert "let a check fail on the starter" in told


def test_a_starter_that_can_not_be_imported_is_told_with_the_error(spoilt):
    told = spoilt(
        SOLUTION,
        "def add(number):\n    ### BEGIN SOLUTION\n    return number + 1\n    ### END SOLUTION",
        "### BEGIN SOLUTION\ndef add(number):\n    return number + 1\n### END SOLUTION\nadd(1)",
    )
    assert "STARTER:" in told
    assert "NameError" in told


def test_a_check_that_breaks_on_the_starter_is_told(spoilt):
    told = spoilt(
        "exercises/sums/add.py",
        'equal(type(await site.call("mysite.add.add", 2)), int)',
        "if \"raise\" in site.source(FILE): raise ValueError('our own slip')",
    )
    assert "our own slip" in told
    assert "mend the checks" in told


def test_what_a_judge_can_not_take_is_left_to_the_other_rules(printed):
    assert [each.name for each in judgeable(Content())] == ["add", "double", "negate"]
    printed.change(SOLUTION, "### END SOLUTION", "")
    (printed.root / "solutions/sums/double.py").unlink()
    assert [each.name for each in judgeable(Content())] == ["negate"]
    printed.write("notebooks/00_sums.ipynb", "{")
    assert judgeable(Content()) == []
