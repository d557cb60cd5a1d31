"""Rules that need the judge: a solution passes, a starter does not, and it can be imported."""

import asyncio
import dataclasses
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from workbook_site.building.content import Content, solution_text
from workbook_site.building.rules.rule import Finding
from workbook_site.building.starter import MarkerError, starter
from workbook_site.checking.exercise import Check, Exercise
from workbook_site.checking.report import FailureData, Outcome, Report, Result
from workbook_site.project import cells, chapters
from workbook_site.project.chapters import UnreadableChapter

if TYPE_CHECKING:
    from workbook_site.checking.site import Site

SOLUTION_FAILS = "mend it or the checks: it is judged {outcome!r}. {why}"
STARTER_PASSES = "let a check fail on the starter: it is judged right as it stands."
STARTER_BREAKS = "let the starter be imported as it stands (a `### STARTER:` line helps). {why}"
OURS = "mend the checks: one of them broke on the starter. {why}"

# An untouched starter is "not tried", whatever it does. These touch it and change nothing.
_TOUCH = "\n_touched = True\n"
_TOUCHES = {".html": "\n{# touched #}\n", ".css": "\n/* touched */\n", ".js": "\n// touched\n"}


def findings(content: Content) -> list[Finding]:
    """What a judge has to say about every exercise that is printed; starts one for it."""
    return asyncio.run(_findings(judgeable(content)))


async def _findings(exercises: list[Exercise]) -> list[Finding]:
    from workbook_site.judge import Judge

    found: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="workbook-") as cache:
        async with Judge(cache=Path(cache)) as judge:
            for exercise in exercises:
                reports = [await judge.grade(*asked) for asked in questions(exercise)]
                found += told(exercise, reports)
    return found


def judgeable(content: Content) -> list[Exercise]:
    """The exercises that a judge can take: printed, with a solution whose markers are right.

    What the others lack, the rules that only read tell.
    """
    printed = set(_printed())
    return [
        exercise
        for exercise in content.exercises
        if (exercise.chapter, exercise.name) in printed and _starter(exercise) is not None
    ]


def look_at(exercise: Exercise, grade: Callable[[Exercise, str], Report]) -> list[Finding]:
    """What is wrong with one exercise's solution and starter, as `grade` sees them."""
    return told(exercise, [grade(*asked) for asked in questions(exercise)])


def questions(exercise: Exercise) -> list[tuple[Exercise, str]]:
    """What the judge is asked: exercises with an answer each, in the order that `told` takes."""
    text = _starter(exercise)
    assert text is not None
    assert exercise.solution is not None
    touched = text + _TOUCHES.get(PurePosixPath(exercise.file).suffix, _TOUCH)
    return [(exercise, exercise.solution), (exercise, touched), (_importing(exercise), touched)]


def told(exercise: Exercise, reports: list[Report]) -> list[Finding]:
    """What the reports on `questions` mean."""
    solution, starter, imported = reports
    where = f"solutions/{exercise.chapter}/{exercise.name}.py"
    messages = (_of_solution(solution), _of_starter(starter), _of_import(imported))
    return [Finding(where, message) for message in messages if message]


def _of_solution(report: Report) -> str:
    if report.outcome is Outcome.PASSED:
        return ""
    return SOLUTION_FAILS.format(outcome=str(report.outcome), why=_why(report))


def _of_starter(report: Report) -> str:
    if report.outcome is Outcome.PASSED:
        return STARTER_PASSES
    broken = [each for each in report.results if each.outcome is Outcome.OUR_FAULT]
    return OURS.format(why=_told(broken[0])) if broken else ""


def _of_import(report: Report) -> str:
    return "" if report.outcome is Outcome.PASSED else STARTER_BREAKS.format(why=_why(report))


def _importing(exercise: Exercise) -> Exercise:
    """The exercise with its checks replaced by one that passes once the answer is imported."""
    path = PurePosixPath(exercise.file)

    async def imports(site: "Site") -> None:
        # The project is up by now, but nothing may have asked for this module yet. Of what every
        # module has, `__dir__` can be called and gives plain data.
        if path.suffix == ".py":
            await site.call(".".join(path.with_suffix("").parts) + ".__dir__")

    check = Check("imports", "The answer can be imported.", imports)
    return dataclasses.replace(exercise, checks=(check,))


def _why(report: Report) -> str:
    first = report.first_failure
    return _told(first) if first else report.output


def _told(result: Result) -> str:
    wrong = result.failure or FailureData("")
    parts = (result.sentence, wrong.message, wrong.traceback)
    return " ".join(part for part in parts if part)


def _starter(exercise: Exercise) -> str | None:
    text = solution_text(exercise)
    try:
        return starter(text, exercise.file) if text is not None else None
    except MarkerError:
        return None


def _printed() -> Iterator[tuple[str, str]]:
    for chapter in chapters():
        try:
            known = [cell.metadata.get("workbook", {}) for cell in cells(chapter)]
        except UnreadableChapter:
            continue
        yield from ((chapter.name, told["exercise"]) for told in known if "exercise" in told)
