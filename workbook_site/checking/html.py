"""A report as a panel under its cell: plain HTML with inline styles, no script.

It works in JupyterLab, VS Code and an exported page, with the keyboard, in light and in dark: text
takes the colour of the page around it, and what is coloured has a word and a sign beside it.
"""

from html import escape

from workbook_site.checking import words
from workbook_site.checking.report import FailureData, Outcome, Report, Result
from workbook_site.checking.standing import Standing

# White text on these has a contrast of 4.5 and more; they are told apart from light and dark pages.
_COLOURS = {
    Outcome.PASSED: "#18794e",
    Outcome.NOT_YET: "#a6420f",
    Outcome.NOT_TRIED: "#5c6470",
    Outcome.OUR_FAULT: "#6b3fa0",
}

_LINE = "var(--jp-border-color2,rgba(128,128,128,.35))"
_SOFT = "rgba(128,128,128,.10)"
_TEXT = "var(--jp-ui-font-family,system-ui,-apple-system,'Segoe UI',sans-serif)"
_CODE = "var(--jp-code-font-family,ui-monospace,Menlo,Consolas,monospace)"

PANEL = (
    f"font-family:{_TEXT};font-size:14px;line-height:1.5;color:inherit;max-width:52rem;"
    f"margin:.4rem 0;padding:.7rem 1rem .8rem;border:1px solid {_LINE};"
    "border-left:5px solid {colour};border-radius:6px"
)
HEAD = "display:flex;flex-wrap:wrap;align-items:baseline;gap:.3rem .7rem"
PILL = (
    "background:{colour};color:#fff;border-radius:1rem;padding:.08rem .7rem;font-weight:600;"
    "white-space:nowrap"
)
TITLE = "font-weight:600;flex:1 1 auto"
ASIDE = "opacity:.8;white-space:nowrap"
NOTE = "margin:.5rem 0 0"
LIST = "list-style:none;margin:.55rem 0 0;padding:0"
ITEM = "display:flex;gap:.55rem;margin:.1rem 0;padding:0"
SIGN = (
    "flex:none;width:1.25rem;height:1.25rem;line-height:1.25rem;margin-top:.1rem;"
    "border-radius:50%;text-align:center;font-size:.8rem;font-weight:700;color:#fff;"
    "background:{colour}"
)
FAILURE = (
    "flex:1 1 auto;min-width:0;margin:.3rem 0 .5rem;padding:.55rem .8rem;border-radius:5px;"
    f"background:{_SOFT}"
)
SIDES = "display:flex;flex-wrap:wrap;gap:.5rem .8rem;margin:.45rem 0 0"
SIDE = "flex:1 1 14rem;min-width:0"
LABEL = "font-size:.78rem;font-weight:600;opacity:.8;margin:0"
VALUE = (
    f"font-family:{_CODE};font-size:.88em;line-height:1.45;white-space:pre-wrap;"
    "overflow-wrap:anywhere;margin:.1rem 0 0;padding:.35rem .55rem;max-height:16rem;overflow:auto;"
    f"color:inherit;background:transparent;border:1px solid {_LINE};border-radius:4px"
)
MARK = (
    "background:rgba(214,150,30,.28);color:inherit;text-decoration:underline;"
    "text-decoration-thickness:2px;text-underline-offset:3px"
)
FOLD = "margin:.45rem 0 0"
SUMMARY = "cursor:pointer;font-weight:600;width:fit-content"
INSIDE = f"margin:.3rem 0 .2rem;padding-left:.8rem;border-left:2px solid {_LINE}"
FAR = "margin:.7rem 0 0;font-size:.85rem"
BAR = f"height:5px;border-radius:3px;background:{_SOFT};margin:.25rem 0 0;overflow:hidden"
DONE = "height:100%;width:{share:.0%};background:{colour}"


def render(report: Report, standing: Standing | None = None, *, titled: bool = True) -> str:
    """The panel: verdict, checks, the first failure in full, hints one by one, the solution.

    `standing` is what is known beside this one verdict; the gradebook passes none. `titled`: a page
    that has the title as a heading already wants none here.
    """
    colour = _COLOURS[report.outcome]
    standing = standing or Standing()
    label = f"Verdict on {report.title}: {words.WORDS[report.outcome]}"
    parts = [
        _head(report, colour, titled),
        _paragraph(words.note(report), NOTE),
        _checks(report),
        _folded("What your code printed", _value(report.output)) if report.output else "",
        _hints(report),
        _solution(report, standing),
        _progress(standing),
    ]
    style = PANEL.format(colour=colour)
    return f'<section aria-label="{escape(label)}" style="{style}">{"".join(parts)}</section>'


def _head(report: Report, colour: str, titled: bool) -> str:
    outcome = f"{words.SYMBOLS[report.outcome]} {words.WORDS[report.outcome]}"
    return _div(
        HEAD,
        _span(PILL.format(colour=colour), outcome)
        + _span(TITLE, report.title if titled else "")
        + _span(ASIDE, words.score(report)),
    )


def _checks(report: Report) -> str:
    """What passed and what did not; why, for the first that did not, and folded for the rest."""
    if report.outcome is Outcome.NOT_TRIED:
        return ""
    first = report.first_failure
    items = "".join(_check(each, each is first) for each in report.results)
    return f'<ul style="{LIST}">{items}</ul>'


def _check(result: Result, explained: bool) -> str:
    sign = (
        f'<span style="{SIGN.format(colour=_COLOURS[result.outcome])}" role="img" '
        f'aria-label="{words.WORDS[result.outcome]}" title="{words.WORDS[result.outcome]}">'
        f"{words.SYMBOLS[result.outcome]}</span>"
    )
    said = f"<div>{inline(result.sentence)}</div>"
    if result.failure:
        told = _failure(result.failure, result.outcome)
        said += told if explained else _folded("What was seen", told)
    return f'<li style="{ITEM}">{sign}<div style="flex:1 1 auto;min-width:0">{said}</div></li>'


def _failure(failure: FailureData, outcome: Outcome) -> str:
    ours = outcome is Outcome.OUR_FAULT
    told = "For the maintainers: where it broke" if ours else "Your traceback"
    trace = failure.traceback if failure.traceback != failure.actual else ""
    return _div(
        FAILURE,
        _paragraph(failure.message, "margin:0")
        + _sides(failure.expected, failure.actual, words.of_actual(failure))
        + _paragraph(failure.nudge and f"→ {failure.nudge}", NOTE)
        + (_folded(told, _value(trace)) if trace else ""),
    )


def _sides(expected: str | None, actual: str | None, label: str) -> str:
    """Expected and actual side by side, with what differs marked."""
    sides = [
        _div(SIDE, _paragraph(name, LABEL) + _value_of(_marked(value, other)))
        for name, value, other in (
            (words.EXPECTED, expected, actual),
            (label, actual, expected),
        )
        if value is not None
    ]
    return _div(SIDES, "".join(sides)) if sides else ""


def _marked(value: str, other: str | None) -> str:
    """The value as HTML; the part in which it differs from the other is marked, if it is short."""
    if not value:
        return "<em>(nothing)</em>"
    before, after = words.alike(value, other or "")
    if before + after < len(value) / 3:
        return escape(value)
    middle = value[before : len(value) - after]
    mark = f'<mark style="{MARK}">{escape(middle)}</mark>' if middle else ""
    return escape(value[:before]) + mark + escape(value[len(value) - after :])


def _hints(report: Report) -> str:
    """One hint inside the other, so that each is asked for."""
    if report.outcome is Outcome.PASSED:
        return ""
    panel, total = "", len(report.hints)
    for number, hint in reversed(list(enumerate(report.hints, 1))):
        name = f"Hint {number} of {total}" if total > 1 else "A hint"
        panel = _folded(name, _paragraph(hint, "margin:0") + panel)
    return panel


def _solution(report: Report, standing: Standing) -> str:
    if not standing.solution:
        return ""
    passed = report.outcome is Outcome.PASSED
    summary = "Our solution, for comparison" if passed else "Show the solution"
    return _folded(summary, _value(standing.solution.rstrip()))


def _progress(standing: Standing) -> str:
    if not standing.total:
        return ""
    share = standing.solved / standing.total
    done = _div(DONE.format(share=share, colour=_COLOURS[Outcome.PASSED]), "")
    bar = f'<div aria-hidden="true" style="{BAR}">{done}</div>'
    return _div(
        "margin:.7rem 0 0;font-size:.85rem", _span("opacity:.85", words.far(standing)) + bar
    )


# --- Elements ---


def _div(style: str, inner: str) -> str:
    return f'<div style="{style}">{inner}</div>'


def _span(style: str, text: str) -> str:
    return f'<span style="{style}">{escape(text)}</span>' if text else ""


def _paragraph(text: str, style: str) -> str:
    return f'<p style="{style}">{inline(text)}</p>' if text else ""


def _value(text: str) -> str:
    return _value_of(escape(text))


def _value_of(inner: str) -> str:
    return f'<pre style="{VALUE}" tabindex="0">{inner}</pre>'


def _folded(summary: str, inner: str) -> str:
    return (
        f'<details style="{FOLD}"><summary style="{SUMMARY}">{escape(summary)}</summary>'
        f"{_div(INSIDE, inner)}</details>"
    )


def inline(text: str) -> str:
    """Prose with `code` and **strong** in it."""
    pieces = escape(text).split("`")
    for place in range(1, len(pieces) - 1, 2):
        pieces[place] = f'<code style="font-family:{_CODE};font-size:.92em">{pieces[place]}</code>'
    if len(pieces) % 2 == 0:  # an odd backtick out
        pieces[-2:] = [f"{pieces[-2]}`{pieces[-1]}"]
    for place in range(0, len(pieces), 2):
        halves = pieces[place].split("**")
        if len(halves) % 2:
            pieces[place] = "".join(
                f"<strong>{half}</strong>" if odd % 2 else half for odd, half in enumerate(halves)
            )
    return "".join(pieces)
