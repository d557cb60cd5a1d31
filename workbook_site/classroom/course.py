"""What there is to do in this workspace, what is done, and what is next."""

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from workbook_site import places, project
from workbook_site.checking.exercise import Exercise, ExerciseError, UnknownExercise
from workbook_site.checking.report import Outcome
from workbook_site.live import progress
from workbook_site.project.chapters import UnreadableChapter


@dataclass(frozen=True)
class Asked:
    """One exercise as printed: `cell` is the id of its prompt's or answer's cell."""

    name: str
    title: str
    points: float
    cell: str


@dataclass(frozen=True)
class Task:
    """An exercise, and how far the learner is with it."""

    asked: Asked
    outcome: Outcome
    points: float
    tries: int

    @property
    def passed(self) -> bool:
        """Whether there is nothing left to do."""
        return self.outcome is Outcome.PASSED


@dataclass(frozen=True)
class Part:
    """One chapter. `path` is its notebook, as Jupyter's contents know it; empty when it is gone."""

    number: int
    name: str
    title: str
    path: str
    tasks: tuple[Task, ...]
    last: str  # when the newest of its exercises was solved, ISO 8601; empty when none was

    @property
    def solved(self) -> int:
        """How many of its exercises passed."""
        return sum(task.passed for task in self.tasks)

    @property
    def done(self) -> bool:
        """Whether all of them passed."""
        return self.solved == len(self.tasks)

    @property
    def points(self) -> float:
        """What was reached."""
        return sum(task.points for task in self.tasks)

    @property
    def possible(self) -> float:
        """What can be reached."""
        return sum(task.asked.points for task in self.tasks)

    @property
    def open(self) -> Task | None:
        """The first exercise that has not passed."""
        return next((task for task in self.tasks if not task.passed), None)


@dataclass(frozen=True)
class Course:
    """All chapters, in the order of reading."""

    parts: tuple[Part, ...]

    @property
    def solved(self) -> int:
        """Exercises that passed."""
        return sum(part.solved for part in self.parts)

    @property
    def exercises(self) -> int:
        """Exercises that there are."""
        return sum(len(part.tasks) for part in self.parts)

    @property
    def points(self) -> float:
        """What was reached."""
        return sum(part.points for part in self.parts)

    @property
    def possible(self) -> float:
        """What can be reached."""
        return sum(part.possible for part in self.parts)

    @property
    def begun(self) -> bool:
        """Whether anything was tried."""
        return any(task.tries for part in self.parts for task in part.tasks)

    @property
    def next(self) -> tuple[Part, Task] | None:
        """Where to go on: in the chapter of the newest success, after it, else at the first gap."""
        parts = list(self.parts)
        newest = max(parts, key=lambda part: part.last, default=None)
        if newest is not None and newest.last:
            place = parts.index(newest)
            parts = parts[place:] + parts[:place]
        return next(((part, part.open) for part in parts if part.open), None)


def read(folder: str) -> Course:
    """The course as it stands. `folder` is the workspace, as Jupyter's contents know it."""
    entries = progress.read(places.state())
    return Course(tuple(_parts(folder, entries)))


def _parts(folder: str, entries: dict[str, progress.Entry]) -> Iterator[Part]:
    for chapter in project.chapters():
        title, asked = _printed(chapter, chapter.path.stat().st_mtime_ns)
        kept = [_entry(entries, f"{chapter.name}/{each.name}") for each in asked]
        tasks = tuple(_task(*pair) for pair in zip(asked, kept, strict=True))
        here = (places.workspace() / chapter.path.name).is_file()
        yield Part(
            number=chapter.number,
            name=chapter.name,
            title=title,
            path=f"{folder}/{chapter.path.name}".lstrip("/") if here else "",
            tasks=tasks,
            last=max((str(entry.get("solved_at", "")) for entry in kept), default=""),
        )


def _entry(entries: dict[str, progress.Entry], key: str) -> progress.Entry:
    """What is kept of an exercise; nothing of it when somebody edited the file by hand."""
    found: Any = entries.get(key)
    return found if isinstance(found, dict) else {}


def _task(asked: Asked, entry: progress.Entry) -> Task:
    return Task(
        asked=asked,
        outcome=_outcome(entry.get("outcome")),
        points=_number(entry.get("points")),
        tries=int(_number(entry.get("tries"))),
    )


def _outcome(told: Any) -> Outcome:
    known = {str(each): each for each in Outcome}
    return known.get(str(told), Outcome.NOT_TRIED)


def _number(told: Any) -> float:
    return float(told) if isinstance(told, int | float) else 0.0


@functools.lru_cache(maxsize=64)
def _printed(chapter: project.Chapter, _: int) -> tuple[str, tuple[Asked, ...]]:
    """The chapter's title and its exercises in the order of reading; printed anew, read anew."""
    try:
        return chapter.title, tuple(_exercises(chapter.name, project.cells(chapter)))
    except UnreadableChapter:
        return chapter.name, ()


def _exercises(chapter: str, cells: Iterable[project.Cell]) -> Iterator[Asked]:
    before = None
    for cell in cells:
        about = cell.metadata.get("workbook")
        name = about.get("exercise") if isinstance(about, dict) else None
        if name:
            # Its heading stands in the cell before it: that is where to begin reading.
            prompt = before if before and before.id == f"{cell.id}-prompt" else cell
            title, points = _told(chapter, name)
            yield Asked(name, title, points, prompt.id)
        before = cell


def _told(chapter: str, name: str) -> tuple[str, float]:
    """(title, points) of an exercise; one that can't be loaded still has its name."""
    try:
        exercise = Exercise.load(chapter, name)
    except (UnknownExercise, ExerciseError):
        return name.replace("_", " "), 0.0
    return exercise.title, exercise.points
