"""A verdict under its cell: a panel, plain text, and the report itself for `run` and tests."""

from typing import Any

import IPython.display

from workbook_site.checking import exercise, html, terminal
from workbook_site.checking.report import Outcome, Report
from workbook_site.checking.standing import Standing
from workbook_site.live.progress import Entry

REPORT = "application/vnd.workbook.report+json"

# After this many different answers the solution opens, even without a right one.
HONEST_TRIES = 3


def show(report: Report, told: Standing) -> None:
    """Publish the verdict in every form; the frontend shows the best that it can."""
    publish: Any = IPython.display.publish_display_data
    publish(bundle(report, told))


def bundle(report: Report, told: Standing) -> dict[str, Any]:
    """The report by its media types."""
    return {
        "text/html": html.render(report, told),
        "text/plain": terminal.render(report, told),
        REPORT: report.to_json(),
    }


def standing(report: Report, entries: dict[str, Entry], solution: str | None) -> Standing:
    """How far the learner is in the report's chapter, and whether the solution may open yet."""
    keys = [f"{report.chapter}/{name}" for name in exercise.names(report.chapter)]
    solved = sum(entries.get(key, {}).get("outcome") == Outcome.PASSED for key in keys)
    own = entries.get(f"{report.chapter}/{report.exercise}", {})
    opens = own.get("outcome") == Outcome.PASSED or own.get("tries", 0) >= HONEST_TRIES
    return Standing(solved, len(keys), (solution or "") if opens else "")
