"""Notebooks that `run --html DIR` executed, taken up again: nothing is executed twice."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

from workbook_site.building import expect
from workbook_site.building.execute import ChapterRun, runs
from workbook_site.project import Cell, Chapter, cells

MISSING = "{folder} holds no {name}. Execute it: {again}"
UNREADABLE = "{name} in {folder} can't be read ({why}). Execute it again: {again}"
OTHER = "{name} in {folder} was executed from another print of the chapter. Again: {again}"
NOT_ALL = "{name} in {folder} was not executed to its end. Again: {again}"
AGAIN = "python3 -m workbook_site run {chapter} --html {folder}"


class NotExecuted(ValueError):
    """A chapter's executed notebook is missing, broken or stale; the message says what to do."""


def taken(chapters: Sequence[Chapter], folder: Path) -> list[ChapterRun]:
    """The runs as `run --html FOLDER` left them, with what failed in them.

    Raises `NotExecuted`, `UnreadableChapter`.
    """
    return [_taken(chapter, folder) for chapter in chapters]


def _taken(chapter: Chapter, folder: Path) -> ChapterRun:
    name = f"{chapter.stem}.ipynb"
    told = {
        "name": name,
        "folder": folder,
        "again": AGAIN.format(chapter=chapter.name, folder=folder),
    }
    try:
        notebook = nbformat.read(folder / name, as_version=4)  # type: ignore[no-untyped-call]
    except FileNotFoundError:
        raise NotExecuted(MISSING.format(**told)) from None
    except Exception as error:
        raise NotExecuted(UNREADABLE.format(why=error, **told)) from error
    if not _same(notebook, cells(chapter)):
        raise NotExecuted(OTHER.format(**told))
    if any(runs(cell) and cell.execution_count is None for cell in notebook.cells):
        raise NotExecuted(NOT_ALL.format(**told))
    run = ChapterRun(chapter, notebook)
    for number, cell in enumerate(notebook.cells, start=1):
        if runs(cell):
            run.failures += expect.failures(cell, number, chapter.name)
    return run


def _same(notebook: Any, printed: Sequence[Cell]) -> bool:
    """Whether it is this print that was executed. Exercises hold a solution in the starter's place.

    A solution that changed since is none of a reader's business: it isn't shown.
    """
    executed = [(cell.id, None if _exercise(cell) else cell.source) for cell in notebook.cells]
    wanted = [(cell.id, None if cell.metadata.get("workbook") else cell.source) for cell in printed]
    return executed == wanted


def _exercise(cell: Any) -> bool:
    return bool(cell.metadata.get("workbook"))
