"""The project at any point, made by replaying the chapters' cells.

Exercise cells count with the reference solution where there is one, else with the starter that
the cell itself holds. So the chapters are the only source of the project's code.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from workbook_site import places
from workbook_site.project import blocks
from workbook_site.project.chapters import Cell, Chapter, cells, chapters
from workbook_site.project.magics import ExerciseCell, MagicError, SiteCell, parse

BEGIN, END, STARTER = "### BEGIN SOLUTION", "### END SOLUTION", "### STARTER:"


@dataclass
class Project:
    """A Django project as data: `files` maps a relative path to its text."""

    files: dict[str, str] = field(default_factory=dict)

    def put(self, path: str, body: str, name: str = blocks.HEAD) -> None:
        """Write a file's head or one of its named blocks; see `blocks.put`."""
        self.files[path] = blocks.put(path, self.files.get(path, ""), body, name)

    def digest(self) -> str:
        """A fingerprint: equal for projects that are equal to the letter."""
        told = hashlib.sha256()
        for path in sorted(self.files):
            told.update(f"{path}\0{self.files[path]}\0".encode())
        return told.hexdigest()


@dataclass(frozen=True)
class Step:
    """One block that a cell writes. `versions`: all that the chapters ever give for this block."""

    path: str
    name: str
    body: str
    versions: tuple[str, ...]


@dataclass
class History:
    """A project, and for each of its blocks every text that the chapters gave it on the way.

    Laying a project onto a learner's files needs it: a block that equals any of the versions was
    not touched by the learner.
    """

    project: Project = field(default_factory=Project)
    versions: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def take(self, step: Step) -> None:
        """Let one block be written."""
        self.project.put(step.path, step.body, step.name)
        self._make_migratable(PurePosixPath(step.path))
        known = self.versions.setdefault((step.path, step.name), [])
        known += [blocks.tidy(text) for text in step.versions]

    def _make_migratable(self, path: PurePosixPath) -> None:
        """Models bring a package for migrations along: without one Django makes none for an app.

        The migrations themselves are no text of the chapters; `site.migrate()`, the judge and
        `manage.py makemigrations` each make what is missing.
        """
        if path.name == "models.py":
            package = path.parent / "migrations" / "__init__.py"
            self.project.files.setdefault(str(package), "")


def at(
    chapter: Chapter, exercise: str | None = None, *, cell: str | None = None, solved: bool = True
) -> Project:
    """The project right before a chapter, or before one of its exercises or cells (by id).

    With `solved` false, exercises count with their starters. A name that the chapter lacks raises
    `LookupError`.
    """
    return history(chapter, exercise, cell=cell, solved=solved).project


def after(chapter: Chapter, *, solved: bool = True) -> Project:
    """The project when the whole chapter was worked through."""
    told = history(chapter, solved=solved)
    for step in _steps(chapter, cells(chapter), solved):
        told.take(step)
    return told.project


def answered(
    chapter: Chapter, exercise: str, answer: str, *, base: Project | None = None
) -> Project:
    """The project in which everything is right but for the answer, which is the learner's.

    `base` is `at(chapter, exercise)`, for the one who has it already; it is left as it is.
    """
    project = Project(dict((base or at(chapter, exercise)).files))
    cell = _exercise_cell(chapter, exercise)
    for path, text in cell.metadata["workbook"].get("given", {}).items():
        project.put(path, text, exercise)
    project.put(cell.metadata["workbook"]["file"], answer, exercise)
    return project


def history(
    chapter: Chapter, exercise: str | None = None, *, cell: str | None = None, solved: bool = True
) -> History:
    """As `at`, with every version of every block on the way."""
    told = History()
    for path, text in _starter():
        told.take(Step(path, blocks.HEAD, text, (text,)))
    for earlier in chapters():
        if earlier < chapter:
            for step in _steps(earlier, cells(earlier), solved):
                told.take(step)
    if exercise is not None or cell is not None:
        for step in _steps(chapter, _before(chapter, exercise, cell), solved):
            told.take(step)
    return told


def everything() -> History:
    """Every version of every block that any chapter gives, and the project after the last one."""
    told = History()
    for path, text in _starter():
        told.take(Step(path, blocks.HEAD, text, (text,)))
    for chapter in chapters():
        for step in _steps(chapter, cells(chapter), solved=True):
            told.take(step)
    return told


def _starter() -> Iterator[tuple[str, str]]:
    folder = places.starter()
    for path in sorted(folder.rglob("*.py")):
        yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")


def _before(chapter: Chapter, exercise: str | None, cell: str | None) -> list[Cell]:
    found: list[Cell] = []
    for candidate in cells(chapter):
        if candidate.id == cell or (exercise is not None and _exercise(candidate) == exercise):
            return found
        found.append(candidate)
    raise LookupError(f"Chapter {chapter.name} has no {exercise or cell!r}.")


def _exercise_cell(chapter: Chapter, exercise: str) -> Cell:
    for candidate in cells(chapter):
        if _exercise(candidate) == exercise:
            return candidate
    raise LookupError(f"Chapter {chapter.name} has no exercise {exercise!r}.")


def _exercise(cell: Cell) -> str | None:
    return (cell.metadata.get("workbook") or {}).get("exercise") if cell.kind == "code" else None


def _steps(chapter: Chapter, found: list[Cell], solved: bool) -> Iterator[Step]:
    for cell in found:
        if cell.kind != "code":
            continue
        try:
            read = parse(cell.source)
        except MagicError:  # a chapter may show a slip of the pen, tagged raises-exception
            continue
        if isinstance(read, SiteCell):
            yield Step(read.path, read.name, read.body, (read.body,))
        elif isinstance(read, ExerciseCell):
            yield from _exercise_steps(chapter, cell, read, solved)


def _exercise_steps(
    chapter: Chapter, cell: Cell, read: ExerciseCell, solved: bool
) -> Iterator[Step]:
    known = cell.metadata["workbook"]
    for path, text in known.get("given", {}).items():
        yield Step(path, read.name, text, (text,))
    answer = solution(chapter.name, read.name) if solved else None
    versions = (read.body,) if answer is None else (read.body, answer)
    yield Step(known["file"], read.name, versions[-1], versions)


def solution(chapter: str, exercise: str) -> str | None:
    """The reference answer without its markers; `None` where it is not given out."""
    path = places.solutions() / chapter / f"{exercise}.py"
    if not path.is_file():
        return None
    return without_markers(path.read_text(encoding="utf-8"))


def without_markers(text: str) -> str:
    """A solution without the comment lines that tell authors where the learner's part is."""
    marks = (BEGIN, END, STARTER)
    kept = [line for line in text.splitlines() if not line.strip().startswith(marks)]
    return "\n".join(kept).strip("\n") + "\n"
