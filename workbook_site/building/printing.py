"""Prints a source as the notebook that learners open: the same bytes from the same text, always.

No outputs, sorted keys, readable cell ids. A fence that holds nothing but `%%exercise NAME`
becomes two cells: the prompt, and the starter with what a project needs to know about it:

    %%exercise ask_both   ->   ### Exercise: Ask both at once
                               ...
                               %%exercise ask_both
                               async def summary(request): ...
                               {"workbook": {"exercise": "ask_both", "file": ..., "given": ...}}
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from workbook_site import places
from workbook_site.building.names import Names, of_code, of_markdown
from workbook_site.building.prose import headings
from workbook_site.building.source import Source, SourceCell, sources
from workbook_site.building.starter import MarkerError, starter
from workbook_site.checking.exercise import Exercise, ExerciseError, UnknownExercise
from workbook_site.project import ExerciseCell, MagicError, parse

NO_SOLUTION = (
    "{source} uses the exercise {name}, which has no solution. "
    "Write {solution}: the starter is printed from it."
)
BROKEN = "{source} can't be printed: {why}"
BROKEN_SOLUTION = "{source} can't be printed: solutions/{chapter}/{name}.py is not right. {why}"

_LANGUAGES = {".py": "python", ".html": "html", ".css": "css", ".js": "javascript"}


class PrintError(ValueError):
    """A source can't be printed; the message says what to mend, and where."""


@dataclass
class Printed:
    """One cell of a notebook: `kind` is "code" or "markdown", `line` its place in the source."""

    id: str
    kind: str
    text: str
    metadata: dict[str, Any] = field(default_factory=dict)
    line: int = 0

    def data(self) -> dict[str, Any]:
        """The cell as the notebook format (4.5) has it."""
        told = {
            "cell_type": self.kind,
            "id": self.id,
            "metadata": self.metadata,
            "source": self.text.splitlines(keepends=True),
        }
        return told if self.kind == "markdown" else {**told, "execution_count": None, "outputs": []}


@dataclass
class Built:
    """What `build` did: notebooks that changed, that were right already, and what went wrong."""

    changed: list[Path] = field(default_factory=list)
    same: list[Path] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def build() -> Built:
    """Print every chapter. One that can't be printed keeps its old print and hinders no other."""
    built = Built()
    for source in sources():
        try:
            wanted = text(source).encode()
        except PrintError as error:
            built.wrong.append(str(error))
            continue
        if source.notebook.is_file() and source.notebook.read_bytes() == wanted:
            built.same.append(source.notebook)
        else:
            source.notebook.write_bytes(wanted)
            built.changed.append(source.notebook)
    return built


def text(source: Source) -> str:
    """The whole notebook file of a chapter. Raises `PrintError`."""
    printed = cells(source)
    return written(printed, title=_title(printed) or source.name)


def written(printed: Iterable[Printed], *, title: str) -> str:
    """These cells as a notebook file: nbformat 4.5, keys sorted, one line end at the end."""
    notebook = {
        "cells": [cell.data() for cell in printed],
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
            "title": title,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def cells(source: Source) -> list[Printed]:
    """A source's cells as they are printed, exercises expanded. Raises `PrintError`."""
    try:
        return list(_cells(source))
    except (OSError, UnicodeDecodeError, UnknownExercise, ExerciseError) as error:
        raise PrintError(BROKEN.format(source=source.path.name, why=error)) from error


def _cells(source: Source) -> Iterator[Printed]:
    names, section, deepest = Names(), "", 0
    for cell in source.cells():
        if name := exercise_of(cell):
            yield from _exercise(source, name, cell, names, max(deepest + 1, 2))
            continue
        if cell.kind == "markdown":
            for level, heading in headings(cell.text):
                section, deepest = (heading if level > 1 else ""), min(level, 2)
        yield _plain(cell, names, section)


def _plain(cell: SourceCell, names: Names, section: str) -> Printed:
    of = of_code if cell.kind == "code" else of_markdown
    given = names.give(cell.id or of(cell.text, section), section)
    tags = {"tags": list(cell.tags)} if cell.tags else {}
    return Printed(given, cell.kind, cell.text, tags, cell.line)


def exercise_of(cell: SourceCell) -> str:
    """The exercise that a source cell asks for, when it holds nothing but `%%exercise NAME`."""
    try:
        magic = parse(cell.text) if cell.kind == "code" else None
    except MagicError:
        return ""
    return magic.name if isinstance(magic, ExerciseCell) and not magic.body.strip() else ""


def _exercise(
    source: Source, name: str, cell: SourceCell, names: Names, level: int
) -> Iterator[Printed]:
    exercise = Exercise.load(source.name, name)
    code = f"%%exercise {name}\n{_starter(source, exercise)}".rstrip("\n")
    known = {"exercise": name, "file": exercise.file, "given": dict(exercise.given)}
    tags = {"tags": list(cell.tags)} if cell.tags else {}
    given = names.give(cell.id or of_code(cell.text, ""))
    prompt = names.give(f"{given}-prompt")
    yield Printed(prompt, "markdown", _prompt(exercise, level), line=cell.line)
    yield Printed(given, "code", code, {**tags, "workbook": known}, cell.line)


def _starter(source: Source, exercise: Exercise) -> str:
    path = places.solutions() / exercise.chapter / f"{exercise.name}.py"
    if not path.is_file():
        shown = f"solutions/{exercise.chapter}/{path.name}"
        wrong = NO_SOLUTION.format(source=source.path.name, name=exercise.name, solution=shown)
        raise PrintError(wrong)
    try:
        return starter(path.read_text(encoding="utf-8"), exercise.file)
    except MarkerError as error:
        told = {"chapter": exercise.chapter, "name": exercise.name, "why": error}
        raise PrintError(BROKEN_SOLUTION.format(source=source.path.name, **told)) from error


def _prompt(exercise: Exercise, level: int) -> str:
    """What stands above an exercise: its title, what it is worth, where it goes, what is asked."""
    points = f"{exercise.points:g} point{'' if exercise.points == 1 else 's'}"
    parts = [
        f"{'#' * level} Exercise: {exercise.title}",
        f"*{points}. Your answer becomes a part of* `{exercise.file}`.",
        exercise.prompt,
        *_given(exercise.given),
    ]
    return "\n\n".join(part for part in parts if part)


def _given(given: Mapping[str, str]) -> Iterator[str]:
    for path, block in given.items():
        language = _LANGUAGES.get(PurePosixPath(path).suffix, "text")
        yield f"The workbook adds this to `{path}` for you:\n\n```{language}\n{block.strip()}\n```"


def _title(printed: list[Printed]) -> str:
    prose = "\n\n".join(cell.text for cell in printed if cell.kind == "markdown")
    return next((words for level, words in headings(prose) if level == 1), "")
