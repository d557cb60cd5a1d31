"""A verdict under its cell: a panel, plain text, and the report itself for `run` and tests."""

from typing import Any

import IPython.display

from workbook_site.checking.report import Report

REPORT = "application/vnd.workbook.report+json"


def show(report: Report, entry: dict[str, Any]) -> None:
    """Publish the verdict in every form; the frontend shows the best that it can."""
    publish: Any = IPython.display.publish_display_data
    publish(bundle(report, entry))


def bundle(report: Report, entry: dict[str, Any]) -> dict[str, Any]:
    """The report by its media types; `entry` is the learner's progress with this exercise."""
    from workbook_site.checking import html, terminal

    return {
        "text/html": html.render(report, entry),
        "text/plain": terminal.render(report, entry),
        REPORT: report.to_json(),
    }
