"""Where in the learner's cell a failure is.

An answer becomes a block of a file in which all else is ours: "blog/views.py, line 57" is a line of
a file that nobody but the judge has. So the answer's own lines are told by their number in the
cell, where the magic is line 1.
"""

import dataclasses
import re
from collections.abc import Callable

from workbook_site.checking import Outcome, Report, Result
from workbook_site.project import Project, blocks

HERE = "line {number} of your cell"


def told_in_the_cell(report: Report, project: Project, file: str, answer: str) -> Report:
    """The same report, with lines of the cell for those of the answer's block in `file`."""
    words = _words(project.files.get(file, ""), file, report.exercise, answer)
    results = tuple(_result(each, words) for each in report.results)
    return dataclasses.replace(report, results=results)


def _words(text: str, file: str, exercise: str, answer: str) -> Callable[[str], str]:
    """What rewrites a text: every place in the block, by the cell's lines."""
    before, found, block = text.partition(blocks.marker(file, exercise) + "\n")
    first = before.count("\n") + 2
    last = first + blocks.split(file, answer)[blocks.HEAD].count("\n") - 1
    # A file has no blank lines at the beginning of a block; the cell has its magic, and may.
    above = 1 + answer[: len(answer) - len(answer.lstrip())].count("\n")

    def here(place: re.Match[str]) -> str:
        line = int(place[1])
        inside = found and block and first <= line <= last
        return HERE.format(number=line - first + 1 + above) if inside else place[0]

    place = re.compile(rf"(?<![\w./-]){re.escape(file)}, line (\d{{1,9}})\b")
    return lambda told: place.sub(here, told)


def _result(result: Result, words: Callable[[str], str]) -> Result:
    failure = result.failure
    if failure is None or result.outcome is Outcome.OUR_FAULT:
        return result
    told = {name: words(value) for name, value in vars(failure).items() if value}
    return dataclasses.replace(result, failure=dataclasses.replace(failure, **told))
