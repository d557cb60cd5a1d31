"""What an instructor sees of grading, on a terminal."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from workbook_site.checking import words
from workbook_site.grading.marks import Mark, place_of
from workbook_site.grading.models import State
from workbook_site.grading.run import Run
from workbook_site.intake import Handed

TO_DO = "New: {new}. Known from before: {known}. To be graded now: {open}."
NOTHING_TO_DO = "All of it was graded before; --regrade grades it again."
UNPLACED = "Could not be placed ({count}):"
TROUBLED = "Can't be graded ({count}):"
WROTE = (
    "Written to {folder}: grades.csv, canvas.csv, moodle.csv, grades.json, insight.html, feedback/"
)
# Longer lists are in grades.json.
LISTED = 20
MORE = "... and {count} more; all are in grades.json"


class Shown:
    """Says things on standard output; with `quiet`, progress only, on standard error."""

    def __init__(self, file: Any, *, quiet: bool) -> None:
        self._quiet = quiet
        self._out = Console(file=file, highlight=False)
        self._progress = Console(file=sys.stderr) if quiet else self._out

    def understood(self, handed: Handed) -> None:
        """What the files were taken for, before anything is done."""
        self._say(handed.understood)
        if handed.unplaced:
            self._say(UNPLACED.format(count=len(handed.unplaced)), "bold")
            told = [f"{each.source}: {each.why}" for each in handed.unplaced]
            self._list(told)

    def to_do(self, begun: Run) -> None:
        """How much there is."""
        taken = begun.taken
        told = TO_DO.format(new=len(taken.new), known=len(taken.known), open=begun.open)
        self._say(told if begun.open or taken.new else NOTHING_TO_DO)

    @contextmanager
    def progress(self, total: int) -> Iterator[Callable[[int], None]]:
        """A bar with its end in sight; tell it how many are left."""
        with _bar(self._progress) as bar:
            task = bar.add_task("Grading", total=total)
            yield lambda left: bar.update(task, completed=max(0, total - left))
            bar.update(task, completed=total)

    @contextmanager
    def writing(self, total: int) -> Iterator[Callable[[], None]]:
        """The same for the pages."""
        with _bar(self._progress) as bar:
            task = bar.add_task("Writing feedback", total=total)
            yield lambda: bar.update(task, advance=1)

    def results(self, marks: Sequence[Mark], handed: Handed, folder: Path) -> None:
        """A line for each chapter, what can't be graded, and where everything is."""
        if self._quiet:
            return
        if marks:
            self._out.print(_table(marks))
        troubled = [mark for mark in marks if mark.state == State.FAILED]
        if troubled:
            self._say(TROUBLED.format(count=len(troubled)), "bold")
            self._list([f"{each.key}, {each.chapter}: {each.problem}" for each in troubled])
        self._say(WROTE.format(folder=folder))

    def _list(self, told: Sequence[str]) -> None:
        for line in told[:LISTED]:
            self._say(f"  {line}")
        if len(told) > LISTED:
            self._say(f"  {MORE.format(count=len(told) - LISTED)}")

    def _say(self, text: str, style: str = "") -> None:
        """A line as it is: names of files are no markup, and no control sequences."""
        if not self._quiet:
            plain = "".join(sign if sign.isprintable() or sign == "\n" else "?" for sign in text)
            self._out.print(Text(plain, style=style), soft_wrap=True)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        auto_refresh=console.is_terminal,  # elsewhere only its end is written
    )


def _table(marks: Sequence[Mark]) -> Table:
    table = Table("Chapter", "Students", "Mean", "All passed", "Late", "Can't be graded")
    for chapter in sorted({mark.chapter for mark in marks}, key=place_of):
        here = [mark for mark in marks if mark.chapter == chapter]
        states = Counter(mark.state for mark in here)
        possible = max(mark.possible for mark in here)
        mean = sum(mark.points for mark in here) / len(here)
        passed = sum(_all_passed(mark) for mark in here)
        table.add_row(
            chapter,
            str(len(here)),
            f"{words.points(round(mean, 1))} of {words.points(possible)}",
            str(passed),
            str(sum(mark.late_by > 0 for mark in here)),
            str(states[State.FAILED]),
        )
    return table


def _all_passed(mark: Mark) -> bool:
    return bool(mark.exercises) and all(
        each.outcome == "passed" for each in mark.exercises.values()
    )
