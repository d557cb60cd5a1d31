"""Rules for `tests/answers/`: answers that learners give, and what they deserve to hear."""

from collections import Counter
from collections.abc import Iterator

from workbook_site.building.content import EXPECT, RIGHT, WRONG, Content, answers, of, shown
from workbook_site.building.rules.rule import Finding, rule

RIGHT_ONES = 3
WRONG_ONES = 5


@rule
def enough_answers(content: Content) -> Iterator[Finding]:
    """Each exercise has right answers written differently, and wrong ones."""
    have = Counter((each.chapter, each.exercise, each.right) for each in content.answers)
    for exercise in content.exercises:
        folder = f"tests/answers/{exercise.chapter}/{exercise.name}"
        for right, kind, wanted in ((True, RIGHT, RIGHT_ONES), (False, WRONG, WRONG_ONES)):
            count = have[exercise.chapter, exercise.name, right]
            if count < wanted:
                told = f"keep {wanted} or more answers {kind}*.py in {folder}; it has {count}."
                yield Finding(of(exercise), told)


@rule
def wrong_answers_say_what_to_expect(content: Content) -> Iterator[Finding]:
    """A wrong answer's first line says what its report must tell."""
    for answer in content.answers:
        if not answer.right and not answer.expects:
            told = f"write as its first line: {EXPECT} words that the report must hold"
            yield Finding(shown(answer.path), told)


@rule
def no_stray_answer(content: Content) -> Iterator[Finding]:
    """Every answer belongs to an exercise, and its name says whether it is right."""
    known = {(path.parent.name, path.stem) for path in content.modules}
    for path in sorted(answers().glob("*/*/*")):
        if path.parent.name == "__pycache__":
            continue
        if (path.parent.parent.name, path.parent.name) not in known:
            where = f"exercises/{path.parent.parent.name}/{path.parent.name}.py"
            yield Finding(shown(path), f"remove it, or write {where}.")
        elif not (path.name.startswith((RIGHT, WRONG)) and path.suffix == ".py"):
            yield Finding(shown(path), f"call it {RIGHT}*.py or {WRONG}*.py, or remove it.")
