"""A report as one panel of HTML: no script, no style sheet, nothing fetched.

It has to read well wherever a notebook is read: JupyterLab, VS Code, an exported page, light and
dark, with a keyboard and with a screen reader. So every style is inline, colours never speak
alone, and what opens is `<details>`.
"""

from collections.abc import Iterator, Sequence
from html import escape

from workbook_site.checking.report import FailureData, Outcome, Report, Result
from workbook_site.checking.standing import Standing

# Symbol, words and a colour that carries white text (contrast at least 4.5 to 1).
_LOOKS = {
    Outcome.PASSED: ("✓", "Passed", "#1a7f37"),
    Outcome.NOT_YET: ("✗", "Not yet", "#9a5b00"),
    Outcome.NOT_TRIED: ("○", "Not tried yet", "#57606a"),
    Outcome.OUR_FAULT: ("!", "Our fault", "#7a46d6"),
}
_LEAD = {
    Outcome.PASSED: "Every check passed.",
    Outcome.NOT_YET: "",
    Outcome.NOT_TRIED: "Put your answer in the cell above and run it again.",
    Outcome.OUR_FAULT: "A check broke, not your answer. It costs you nothing; please tell us.",
}

SEEN = "What was seen"
FOR_US = "For the maintainers"

_FONT = "font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:14px;line-height:1.45"
_PANEL = (
    f"{_FONT};color:var(--jp-ui-font-color1,inherit);border:1px solid #8886;border-left:5px solid "
    "{colour};border-radius:6px;padding:10px 14px;margin:6px 0;max-width:860px"
)
_CHIP = "background:{colour};color:#fff;border-radius:10px;padding:1px 10px;font-weight:600"
_MONO = "font-family:var(--jp-code-font-family,monospace);font-size:13px"
_PRE = (
    f"{_MONO};margin:2px 0 6px;padding:6px 8px;white-space:pre-wrap;overflow-wrap:anywhere;"
    "max-height:260px;overflow:auto;background:#8881;color:inherit;border-radius:4px"
)
_LIST = "list-style:none;margin:8px 0;padding:0"
_BOX = "margin:4px 0 8px 24px;padding:6px 12px;border-left:3px solid {colour};background:#8881"
_SIDE = "display:flex;flex-wrap:wrap;gap:4px 16px"
_HALF = "flex:1 1 260px;min-width:0"
_LABEL = "font-size:12px;font-weight:600;opacity:.85"
_FOLD = "cursor:pointer;padding:3px 0"
_INNER = "margin:2px 0 2px 16px"


def render(report: Report, standing: Standing | None = None) -> str:
    """The panel: verdict, checks, the first failure in full, hints one by one, the solution.

    `standing` is what the notebook knows beside this one verdict; the gradebook passes none.
    """
    colour = _LOOKS[report.outcome][2]
    told = standing or Standing()
    parts = (
        _head(report),
        _checks(report),
        _folded("What your code printed", _pre(report.output)) if report.output else "",
        "" if report.outcome is Outcome.PASSED else _hints(report.hints),
        _solution(report, told),
        _progress(told),
    )
    label = escape(f"Verdict on {report.title}", quote=True)
    style = _PANEL.format(colour=colour)
    return f'<section aria-label="{label}" style="{style}">{"".join(parts)}</section>'


def _head(report: Report) -> str:
    symbol, words, colour = _LOOKS[report.outcome]
    points = f"{report.points:g} of {report.possible:g} points"
    lead = _LEAD[report.outcome]
    return (
        f'<div><span style="{_CHIP.format(colour=colour)}">{symbol} {words}</span> '
        f"<strong>{escape(report.title)}</strong> <span>· {points}</span></div>"
        + (f'<div style="margin-top:4px">{lead}</div>' if lead else "")
    )


def _checks(report: Report) -> str:
    """Every check in a line; the first that failed is opened up below its line."""
    first = report.first_failure
    items = "".join(_check(result, opened=result is first) for result in report.results)
    return f'<ul style="{_LIST}">{items}</ul>' if items else ""


def _check(result: Result, *, opened: bool) -> str:
    symbol, words, colour = _LOOKS[result.outcome]
    failure = result.failure
    told = ""
    if failure is not None:
        told = _failure(result, colour) if opened else _aside(_folded(SEEN, _seen(result)))
    return (
        f'<li style="margin:2px 0"><span role="img" aria-label="{words}" '
        f'style="display:inline-block;width:20px;font-weight:700">{symbol}</span>'
        f"{escape(result.sentence)}{told}</li>"
    )


def _failure(result: Result, colour: str) -> str:
    return f'<div style="{_BOX.format(colour=colour)}">{_seen(result)}</div>'


def _aside(inside: str) -> str:
    return f'<div style="margin-left:24px">{inside}</div>'


def _seen(result: Result) -> str:
    failure = result.failure
    assert failure is not None
    nudge = f'<div style="margin-top:4px">→ {prose(failure.nudge)}</div>' if failure.nudge else ""
    trace = _pre(failure.traceback) if failure.traceback else ""
    if trace and result.outcome is Outcome.OUR_FAULT:
        trace = _folded(FOR_US, trace)
    return f"<div>{prose(failure.message)}</div>{_compared(failure)}{nudge}{trace}"


def _compared(failure: FailureData) -> str:
    """Expected and actual beside each other; under each other where there is no room."""
    sides = [("expected", failure.expected), ("your answer gave", failure.actual)]
    halves = "".join(
        f'<div style="{_HALF}"><div style="{_LABEL}">{label}</div>{_pre(value)}</div>'
        for label, value in sides
        if value is not None
    )
    return f'<div style="{_SIDE}">{halves}</div>' if halves else ""


def _hints(hints: Sequence[str]) -> str:
    """Each hint holds the next, so that they open one by one."""
    inner = ""
    for number, hint in reversed(list(enumerate(hints, 1))):
        inner = _folded(f"Hint {number} of {len(hints)}", f"<div>{prose(hint)}</div>{inner}")
    return inner


def _solution(report: Report, standing: Standing) -> str:
    if not standing.solution:
        return ""
    passed = report.outcome is Outcome.PASSED
    summary = "Our solution, for comparison" if passed else "Show the solution"
    return _folded(summary, _pre(standing.solution))


def _progress(standing: Standing) -> str:
    if not standing.total:
        return ""
    share = 100 * standing.solved // standing.total
    words = f"{standing.solved} of {standing.total} exercises of this chapter solved"
    return (
        '<div style="display:flex;align-items:center;gap:10px;margin-top:8px;font-size:12px">'
        '<div aria-hidden="true" style="flex:0 0 160px;height:6px;background:#8884;'
        'border-radius:3px;overflow:hidden">'
        f'<div style="width:{share}%;height:6px;background:#1a7f37"></div></div>{words}</div>'
    )


def _folded(summary: str, inside: str) -> str:
    return (
        f'<details style="margin:2px 0"><summary style="{_FOLD}">{escape(summary)}</summary>'
        f'<div style="{_INNER}">{inside}</div></details>'
    )


def _pre(text: str) -> str:
    return f'<pre style="{_PRE}">{escape(text)}</pre>'


def prose(text: str) -> str:
    """Escaped text in which `code` between backticks is set as code."""
    return "".join(_spans(text))


def _spans(text: str) -> Iterator[str]:
    for place, piece in enumerate(text.split("`")):
        if place % 2:
            yield f'<code style="{_MONO};color:inherit;background:#8882">{escape(piece)}</code>'
        else:
            yield escape(piece)
