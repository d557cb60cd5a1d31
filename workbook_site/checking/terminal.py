"""A report as text: for a terminal, and for wherever HTML is not shown."""

import textwrap

from workbook_site.checking import words
from workbook_site.checking.report import FailureData, Outcome, Report, Result
from workbook_site.checking.standing import Standing

WIDTH = 88

_CODES = {
    Outcome.PASSED: "32",
    Outcome.NOT_YET: "33",
    Outcome.NOT_TRIED: "2",
    Outcome.OUR_FAULT: "35",
}


def render(report: Report, standing: Standing | None = None, *, colour: bool = False) -> str:
    """The report in lines of about `WIDTH` characters; `colour` adds ANSI codes.

    Text can't fold: the first failure is told in full, the first hint is shown, the solution only
    after passing.
    """
    standing = standing or Standing()
    lines = [_head(report, colour), *_wrapped(words.note(report), "")]
    if report.outcome is not Outcome.NOT_TRIED:
        for result in report.results:
            lines += _check(result, result is report.first_failure, colour)
    lines += _block("What your code printed:", report.output)
    if report.hints and report.outcome in (Outcome.NOT_YET, Outcome.NOT_TRIED):
        lines += ["", *_wrapped(f"Hint 1 of {len(report.hints)}: {report.hints[0]}", "  ")]
    if report.outcome is Outcome.PASSED:
        lines += _block("Our solution, for comparison:", standing.solution)
    if standing.total:
        lines += ["", f"  {words.far(standing)}"]
    return "\n".join(lines)


def _head(report: Report, colour: bool) -> str:
    outcome = f"{words.SYMBOLS[report.outcome]} {words.WORDS[report.outcome]}"
    told = " · ".join(filter(None, [report.title, words.score(report)]))
    return f"{_painted(outcome, report.outcome, colour)}  {told}"


def _check(result: Result, explained: bool, colour: bool) -> list[str]:
    sign = _painted(words.SYMBOLS[result.outcome], result.outcome, colour)
    first, *rest = _wrapped(result.sentence, "    ") or [""]
    lines = [f"  {sign} {first.lstrip()}", *rest]
    if explained and result.failure:
        lines += _failure(result.failure)
    return lines


def _failure(failure: FailureData) -> list[str]:
    lines = _wrapped(failure.message, "      ")
    lines += _value(words.EXPECTED, failure.expected)
    lines += _value(words.of_actual(failure), failure.actual)
    lines += _wrapped(failure.nudge and f"→ {failure.nudge}", "      ")
    return lines


def _value(label: str, value: str | None) -> list[str]:
    if value is None:
        return []
    lines = (value or "(nothing)").splitlines()
    if len(lines) == 1:
        return [f"        {label + ':':<10} {lines[0]}"]
    return [f"        {label}:", *(f"          {line}" for line in lines)]


def _block(label: str, text: str) -> list[str]:
    if not text:
        return []
    return ["", f"  {label}", *(f"    {line}" for line in text.rstrip().splitlines())]


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _painted(text: str, outcome: Outcome, colour: bool) -> str:
    return f"\x1b[1;{_CODES[outcome]}m{text}\x1b[0m" if colour else text
