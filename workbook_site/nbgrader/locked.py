"""What a locked cell shows and gives: the report, and the points as its last value."""

import contextlib
import io
from typing import Any

import IPython.display

from workbook_site.checking import exercise, words
from workbook_site.checking.exercise import Exercise
from workbook_site.checking.report import Outcome, Report
from workbook_site.checking.standing import Standing
from workbook_site.live import session, verdict
from workbook_site.live.saying import Told
from workbook_site.nbgrader import judged, passing

NOT_JUDGED = "The answer to {name} was not judged: the workbook is at fault. See the report above."
FIRST = "Run the cell of the exercise {name} first: this cell tells what it was judged as."
LAST = "{score}: what the exercise's cell was judged as when it was run last."

# Points are parts of a point in places; a sum of thirds must not show it.
DIGITS = 6


def points(name: str) -> float:
    """The points of the exercise `CHAPTER/NAME`. Raises `Told` when there is no verdict to tell."""
    asked = exercise.find(name)
    if not passing.running():
        return _as_before(asked)
    # nbgrader gives no points for a cell with a word on stderr, whoever wrote it.
    with contextlib.redirect_stderr(io.StringIO()):
        report, note = judged.report(asked)
    if note:
        print(note)
    _publish(verdict.bundle(report, Standing()))
    if report.outcome is Outcome.OUR_FAULT or report.possible < asked.points:
        raise Told(NOT_JUDGED.format(name=name))
    return round(report.points, DIGITS)


def _as_before(asked: Exercise) -> float:
    """In a learner's own notebook: the last verdict of this kernel."""
    report = session.current().reports.get((asked.chapter, asked.name))
    if report is None:
        raise Told(FIRST.format(name=asked.name))
    print(LAST.format(score=_score(report)))
    return round(report.points, DIGITS)


def _score(report: Report) -> str:
    return words.score(report) or words.WORDS[report.outcome]


def _publish(bundle: dict[str, Any]) -> None:
    publish: Any = IPython.display.publish_display_data
    publish(bundle)
