"""A report as plain text, for a terminal, a log, and a frontend that shows no HTML."""

import textwrap
from collections.abc import Iterator

from workbook_site.checking.report import FailureData, Outcome, Report, Result
from workbook_site.checking.standing import Standing

_LOOKS = {
    Outcome.PASSED: ("✓", "Passed"),
    Outcome.NOT_YET: ("✗", "Not yet"),
    Outcome.NOT_TRIED: ("○", "Not tried yet"),
    Outcome.OUR_FAULT: ("!", "Our fault, it costs you nothing"),
}


def render(report: Report, standing: Standing | None = None) -> str:
    """The verdict, each check in a line, the first failure in full, the first hint."""
    return "\n".join(_lines(report, standing or Standing()))


def _lines(report: Report, standing: Standing) -> Iterator[str]:
    symbol, words = _LOOKS[report.outcome]
    points = f"{report.points:g} of {report.possible:g} points"
    yield f"{symbol} {words}: {report.title} ({points})"
    for result in report.results:
        yield from _check(result, opened=result is report.first_failure)
    if report.output:
        yield from ("  your code printed:", textwrap.indent(report.output.rstrip(), "    "))
    if report.outcome is Outcome.NOT_YET and report.hints:
        yield f"  Hint 1 of {len(report.hints)}: {report.hints[0]}"
    if standing.total:
        yield f"  {standing.solved} of {standing.total} exercises of this chapter solved"


def _check(result: Result, *, opened: bool) -> Iterator[str]:
    yield f"  {_LOOKS[result.outcome][0]} {result.sentence}"
    if result.failure is not None and opened:
        yield from (textwrap.indent(line, "      ") for line in _failure(result.failure))


def _failure(failure: FailureData) -> Iterator[str]:
    yield failure.message
    if failure.expected is not None:
        yield f"expected: {failure.expected}"
    if failure.actual is not None:
        yield f"your answer gave: {failure.actual}"
    if failure.nudge:
        yield f"→ {failure.nudge}"
    if failure.traceback:
        yield failure.traceback.rstrip()
