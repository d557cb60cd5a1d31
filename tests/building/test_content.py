"""The workbook's own chapters and exercises keep the rules of the house."""

import pytest

from workbook_site.building.content import Content
from workbook_site.building.rules import look
from workbook_site.building.rules.judged import judgeable, look_at

EXERCISES = Content().exercises


def test_there_is_nothing_to_mend():
    findings = look()
    assert findings == [], "\n".join(map(str, findings))


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: f"{each.chapter}-{each.name}")
def test_the_solution_passes_and_the_starter_does_not(exercise, grade):
    findings = look_at(exercise, grade)
    assert findings == [], "\n".join(map(str, findings))


def test_every_exercise_can_be_judged():
    content = Content()
    assert judgeable(content) == content.exercises != []
