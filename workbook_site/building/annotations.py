"""Failing cells where GitHub shows them: beside the line of the source that an author edits.

    ::error file=notebooks/source/01_async_views.md,line=87,title=01_async_views, cell both::...

GitHub reads these lines from a job's output. Its documentation of workflow commands tells the
format: `%` and line ends, and in a property also `:` and `,`, are written as `%25` and the like.
"""

import os
from collections.abc import Iterator

from workbook_site.building import where
from workbook_site.building.execute import ChapterRun

# GitHub shows as much of a message, and no more (characters).
LONGEST = 4_000

_COMMAND = "::error file={file},line={line},title={title}::{message}"
_TITLE = "{chapter}, cell {cell}"


def wanted() -> bool:
    """Whether this runs in a job of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def annotations(run: ChapterRun) -> Iterator[str]:
    """One line for each failure of a chapter; it names the line that raised, if one did."""
    if run.passed:
        return
    found = where.of(run.chapter)
    for wrong in run.failures:
        title = _TITLE.format(chapter=run.chapter.stem, cell=wrong.cell)
        message = f"{wrong.message}\n\n{wrong.detail}".strip()[:LONGEST]
        yield _COMMAND.format(
            file=_property(found.shown),
            line=found.line(wrong.cell, wrong.line),
            title=_property(title),
            message=_data(message),
        )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
