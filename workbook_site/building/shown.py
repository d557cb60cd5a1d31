"""What a person sees while chapters are executed, and at the end.

On a terminal: a bar for each chapter, moving cell by cell. Elsewhere (CI, a file): a line a cell.
"""

from collections.abc import Sequence
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from workbook_site.building.execute import CellFailure, ChapterRun, Started
from workbook_site.project import Chapter


class Lines:
    """Progress as plain lines."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def started(self, step: Started) -> None:
        """A cell begins."""
        if step.cell:
            told = f"{step.chapter.stem}  {step.number:>3}/{step.of}  {step.cell}"
            self._console.print(told, markup=False, highlight=False, soft_wrap=True)

    def done(self, run: ChapterRun) -> None:
        """A chapter ended."""
        told = f"{run.chapter.stem}  {'passed' if run.passed else 'FAILED'}  {run.seconds:.1f} s"
        self._console.print(told, markup=False, highlight=False, soft_wrap=True)


class Bars:
    """Progress as one bar a chapter, drawn in place."""

    def __init__(self, console: Console, chapters: Sequence[Chapter]) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            Elapsed(),
            TextColumn("{task.fields[cell]}", style="dim"),
            console=console,
        )
        self._tasks: dict[Chapter, TaskID] = {
            chapter: self._progress.add_task(chapter.stem, start=False, total=None, cell="waiting")
            for chapter in chapters
        }

    def __enter__(self) -> "Bars":
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def started(self, step: Started) -> None:
        """A cell begins."""
        task = self._tasks[step.chapter]
        self._progress.start_task(task)
        self._progress.update(task, total=step.of, completed=step.number - 1, cell=step.cell)

    def done(self, run: ChapterRun) -> None:
        """A chapter ended."""
        told = "[green]passed[/]" if run.passed else "[red]failed[/]"
        self._progress.update(self._tasks[run.chapter], cell=told)
        self._progress.stop_task(self._tasks[run.chapter])


def progress(console: Console, chapters: Sequence[Chapter]) -> Lines | Bars:
    """What suits the place where the output goes."""
    return Bars(console, chapters) if console.is_terminal else Lines(console)


def summary(runs: Sequence[ChapterRun]) -> Table:
    """One row a chapter."""
    table = Table(title="Chapters executed")
    for heading in ("chapter", "cells", "seconds", "slowest cell", "result"):
        table.add_column(heading, justify="right" if heading in ("cells", "seconds") else "left")
    for run in runs:
        result = Text("passed", "green") if run.passed else Text(_wrong(run), "bold red")
        slowest = max(run.cells, key=lambda cell: cell.seconds, default=None)
        shown = f"{slowest.id} ({slowest.seconds:.1f} s)" if slowest else ""
        table.add_row(run.chapter.stem, str(len(run.cells)), f"{run.seconds:.1f}", shown, result)
    return table


def _wrong(run: ChapterRun) -> str:
    count = len({failure.cell for failure in run.failures})
    return f"{count} cell{'' if count == 1 else 's'} failed"


def failure(run: ChapterRun, wrong: CellFailure) -> Panel:
    """One failing cell: what is wrong, its numbered source, and what stands behind it."""
    parts: list[RenderableType] = [Text(wrong.message, "bold")]
    if wrong.source:
        parts += [Text(), Syntax(wrong.source, "python", line_numbers=True, word_wrap=True)]
    if wrong.detail:
        parts += [Text(), Text(wrong.detail)]
    title = Text(f"{run.chapter.stem}, cell {wrong.number}: {wrong.cell}")
    return Panel(Group(*parts), title=title, title_align="left", border_style="red")
