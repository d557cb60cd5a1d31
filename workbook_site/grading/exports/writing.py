"""All exports, into the gradebook's folder. A file that would not change is not written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from workbook_site.grading.exports.data import grades_text
from workbook_site.grading.exports.feedback import feedback, feedback_path
from workbook_site.grading.exports.given import given
from workbook_site.grading.exports.insights import insight_html
from workbook_site.grading.exports.tables import canvas_csv, grades_csv, moodle_csv
from workbook_site.grading.insight import insight
from workbook_site.grading.marks import Mark
from workbook_site.project.lay import write

FEEDBACK = "feedback"


def write_all(folder: Path, marks: list[Mark]) -> None:
    """The tables, the JSON and the insight. Raises `OSError`."""
    # Excel takes a CSV for UTF-8 only when it begins so; other readers skip it.
    _put(folder / "grades.csv", "\ufeff" + grades_csv(marks))
    _put(folder / "canvas.csv", canvas_csv(marks))
    _put(folder / "moodle.csv", moodle_csv(marks))
    write(folder / "grades.json", grades_text(marks))
    _put(folder / "insight.html", insight_html(insight(marks)))


def write_feedback(
    folder: Path, marks: Sequence[Mark], done: Callable[[], object] = lambda: None
) -> None:
    """A page for each mark; `done` is called after each. Raises `OSError`."""
    for mark, found in given(marks):
        _put(folder / FEEDBACK / feedback_path(mark), feedback(mark, found))
        done()


def _put(path: Path, text: str) -> None:
    data = text.encode("utf-8")
    try:
        if path.read_bytes() == data:
            return
    except FileNotFoundError:
        pass
    write(path, text)
