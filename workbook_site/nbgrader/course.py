"""Writes the workbook as an nbgrader course: `build --nbgrader DIR`.

    DIR/source/three_problems/00_three_problems.ipynb    with the solutions: for instructors
    DIR/release/three_problems/00_three_problems.ipynb   as students get it
    DIR/nbgrader_config.py, workbook_cells.py            how nbgrader grades it
    DIR/kernels/async-django-workbook/kernel.json        where the workbook is on this machine
    DIR/README.md                                        what to type

A chapter is an assignment, whole: students learn in it, and nbgrader passes over what is not
judged. `release/` is what `nbgrader generate_assignment` makes of `source/`, to the letter.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook_site import exits, places
from workbook_site.checking.exercise import Exercise
from workbook_site.nbgrader import cells
from workbook_site.project import Chapter, chapters
from workbook_site.project.lay import write

FILES = Path(__file__).parent / "files"
KERNEL = "async-django-workbook"
# As nbgrader and Jupyter write notebooks.
INDENT = 1

NO_CHAPTER = "No chapter was found in {folder}. Restore it: git checkout notebooks"
NO_SOLUTION = (
    "There is no solutions/{chapter}/{name}.py. The source/ of a course holds the solutions: write "
    "it from a checkout that has them."
)
Notebook = dict[str, Any]


@dataclass
class Course:
    """What was written: file names below the course's folder, and those that were right already."""

    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)


def build(folder: Path) -> Course:
    """Write the course to `folder`. What students handed in, and nbgrader's gradebook, stay.

    Raises `Stop` where solutions are missing, and `OSError`.
    """
    made = dict(_files())
    course = Course()
    for name, text in made.items():
        target = folder / name
        if target.is_file() and target.read_text(encoding="utf-8") == text:
            course.same.append(name)
            continue
        write(target, text)
        course.changed.append(name)
    return course


def _files() -> Iterator[tuple[str, str]]:
    """Every file of the course: its name, its text."""
    found = chapters()
    if not found:
        raise exits.Stop(NO_CHAPTER.format(folder=places.notebooks()), exits.WRONG)
    for chapter in found:
        name = f"{chapter.name}/{chapter.path.name}"
        yield f"source/{name}", _text(source(chapter))
        yield f"release/{name}", _text(release(chapter))
    for path in sorted(FILES.iterdir()):
        if path.is_file():
            yield path.name, path.read_text(encoding="utf-8")
    yield f"kernels/{KERNEL}/kernel.json", json.dumps(kernel(), indent=1, sort_keys=True) + "\n"


def source(chapter: Chapter) -> Notebook:
    """The chapter as nbgrader's source: answers hold the solution, each followed by its verdict."""
    return _notebook(chapter, solved=True)


def release(chapter: Chapter) -> Notebook:
    """The chapter as students get it: as printed, each exercise followed by its verdict."""
    told = _notebook(chapter, solved=False)
    return {**told, "cells": [cells.released(cell) for cell in told["cells"]]}


def _notebook(chapter: Chapter, *, solved: bool) -> Notebook:
    printed = json.loads(chapter.path.read_text(encoding="utf-8"))
    return {**printed, "cells": list(_cells(chapter, printed["cells"], solved))}


def _cells(chapter: Chapter, printed: Iterable[cells.Cell], solved: bool) -> Iterator[cells.Cell]:
    for cell in printed:
        known = cell["metadata"].get("workbook") or {}
        name = known.get("exercise") if cell["cell_type"] == "code" else None
        if name is None:
            yield cell
            continue
        exercise = Exercise.load(chapter.name, name)
        metadata = {**cell["metadata"], "nbgrader": cells.answer(name)}
        if solved:
            # What takes the place of the solution when the assignment is generated.
            starter = "".join(cell["source"])
            metadata["workbook"] = {**known, "starter": starter}
            cell = {**cell, "source": _lines(_solved(exercise))}
        yield {**cell, "metadata": metadata}
        yield _verdict(exercise, cell["id"])


def _solved(exercise: Exercise) -> str:
    """The solution with its markers, which any nbgrader, however it is set up, takes out again."""
    path = places.solutions() / exercise.chapter / f"{exercise.name}.py"
    if not path.is_file():
        told = NO_SOLUTION.format(chapter=exercise.chapter, name=exercise.name)
        raise exits.Stop(told, exits.WRONG)
    return f"%%exercise {exercise.name}\n{path.read_text(encoding='utf-8')}".rstrip("\n")


def _verdict(exercise: Exercise, after: str) -> cells.Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"{after[:56]}-verdict",  # 64 characters at most
        "metadata": {"nbgrader": cells.verdict(exercise.name, exercise.points)},
        "outputs": [],
        "source": _lines(cells.verdict_source(exercise.chapter, exercise.name)),
    }


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _text(notebook: Notebook) -> str:
    return json.dumps(notebook, ensure_ascii=False, indent=INDENT, sort_keys=True) + "\n"


def kernel() -> dict[str, Any]:
    """The kernel that grades, as Jupyter wants it described: this interpreter, this checkout."""
    shown = {
        "PYTHONPATH": os.pathsep.join([str(places.CHECKOUT), *_libraries()]),
        "WORKBOOK_CONTENT": str(places.content()),
    }
    return {
        "argv": [sys.executable, "-m", "workbook_site.nbgrader.kernel", "-f", "{connection_file}"],
        "display_name": "Async Django Workbook (grading)",
        "env": shown,
        "language": "python",
    }


def _libraries() -> list[str]:
    """What this process itself was told to look through."""
    told = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return [path for path in told if path and path != str(places.CHECKOUT)]
