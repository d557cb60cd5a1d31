"""What must be true of a cell that was executed, and the sentence when it is not.

Pure: takes a notebook's executed cell, gives failures as values. Only the edge makes prose of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workbook_site.checking.report import Report

REPORT = "application/vnd.workbook.report+json"
EXPECTED_ERROR = "raises-exception"
EXPECTED_STDERR = "stderr"

RAISED = "{name}: {value}"
DID_NOT_RAISE = (
    "The cell is tagged raises-exception, and it raised nothing. Either the pitfall is gone "
    "(then teach something else), or an earlier cell mended it too soon."
)
NO_VERDICT = "The exercise {name} gave no verdict. Was `boot` run before it?"
NO_SOLUTION = (
    "The exercise {name} has no solution to execute. Write solutions/{chapter}/{name}.py, "
    "or run the chapters in a checkout that has its solutions."
)
NOT_PASSED = "The reference solution of {name} is judged {outcome!r}, and must pass."
STDERR = (
    "The cell wrote to stderr, which puzzles a reader. Mend what it says, or tag the cell "
    "stderr when it belongs to the lesson."
)

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class CellFailure:
    """One cell that is not as it must be.

    `number` counts the notebook's cells from 1, `message` is one sentence, `detail` the traceback
    or report behind it (plain text, may be empty); `fatal` says that the cells after it were not
    executed. `line` is the line of `source` that raised, from 1, and 0 where none did.
    """

    cell: str
    number: int
    source: str
    message: str
    detail: str = ""
    fatal: bool = False
    line: int = 0


def failures(cell: Any, number: int, chapter: str) -> Iterator[CellFailure]:
    """What is wrong with an executed code cell of a chapter (an nbformat node); mostly nothing."""
    wrong = list(_error(cell, number))
    yield from wrong
    if not wrong:  # else the rest only follows from it
        yield from _verdict(cell, number, chapter)
        yield from _stderr(cell, number)


def failure(cell: Any, number: int, message: str, detail: str = "", *, fatal: bool) -> CellFailure:
    """A failure of this cell."""
    told = plain(detail).strip()
    line = _line(told, cell.get("execution_count"))
    return CellFailure(cell.id, number, cell.source, message, told, fatal, line)


def _line(traceback: str, execution: int | None) -> int:
    """The last line of the cell that a traceback of IPython names; 0 when it names none."""
    found = re.findall(rf"Cell In\s?\[{execution}\], line (\d+)", traceback)
    return int(found[-1]) if found else 0


def plain(text: str) -> str:
    """Text without the terminal's colours."""
    return _ANSI.sub("", text)


def tags(cell: Any) -> list[str]:
    """The cell's tags."""
    return list(cell.metadata.get("tags", []))


def _error(cell: Any, number: int) -> Iterator[CellFailure]:
    raised = next((each for each in cell.outputs if each.output_type == "error"), None)
    expected = EXPECTED_ERROR in tags(cell)
    if raised is None and expected:
        yield failure(cell, number, DID_NOT_RAISE, fatal=False)
    if raised is not None and not expected:
        message = plain(RAISED.format(name=raised.ename, value=raised.evalue))
        yield failure(cell, number, message, "\n".join(raised.traceback), fatal=True)


def _verdict(cell: Any, number: int, chapter: str) -> Iterator[CellFailure]:
    name = cell.metadata.get("workbook", {}).get("exercise")
    if not name or EXPECTED_ERROR in tags(cell):
        return
    if not cell.metadata.workbook.get("solved"):
        message = NO_SOLUTION.format(name=name, chapter=chapter)
        yield failure(cell, number, message, fatal=False)
        return
    report = next((each for each in map(_report, cell.outputs) if each), None)
    if report is None:
        yield failure(cell, number, NO_VERDICT.format(name=name), _shown(cell), fatal=False)
    elif report["outcome"] != "passed":
        message = NOT_PASSED.format(name=name, outcome=report["outcome"])
        yield failure(cell, number, message, _reasons(report), fatal=False)


def _stderr(cell: Any, number: int) -> Iterator[CellFailure]:
    if EXPECTED_STDERR in tags(cell):
        return
    wrote = [each.text for each in cell.outputs if each.get("name") == "stderr"]
    if wrote:
        yield failure(cell, number, STDERR, "".join(wrote), fatal=False)


def _report(output: Any) -> Any:
    return output.get("data", {}).get(REPORT)


def _reasons(data: Any) -> str:
    """The checks that did not pass, each with what was said."""
    report = Report.from_json(dict(data))
    lines = []
    for result in report.results:
        if result.outcome != "passed":
            lines.append(f"{result.outcome}: {result.sentence}")
        if result.failure:
            told = (result.failure.message, result.failure.nudge, result.failure.traceback)
            lines += [f"  {text}" for text in told if text]
    return "\n".join([*lines, report.output])


def _shown(cell: Any) -> str:
    """What a reader would have seen under the cell, as text."""
    shown = [
        each.get("text") or each.get("data", {}).get("text/plain", "") for each in cell.outputs
    ]
    return "\n".join(shown)
