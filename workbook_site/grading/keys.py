"""What a verdict depends on, as one key: identical answers are judged once.

The key tells the answer, the exercise's module, the project at that point with everything else
right, and the code of the workbook that judges. Change any of them, and the answer is judged anew.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
from dataclasses import dataclass

from workbook_site import __version__, places
from workbook_site.checking import Exercise
from workbook_site.intake.answers import exercises
from workbook_site.project import Chapter, at, files, find

# The parts of the workbook that a verdict depends on.
_JUDGING = ("checking", "judge", "project", "reload", "services", "starter")


@dataclass(frozen=True)
class Desk:
    """A chapter laid out for grading. `points`: of each exercise, all that its verdicts depend on
    but the answer."""

    chapter: Chapter
    exercises: dict[str, Exercise]
    points: dict[str, str]

    def key(self, exercise: str, answer: str) -> str:
        """The key of the verdict on this answer."""
        told = f"{self.points[exercise]}\0{answer}".encode("utf-8", "replace")
        return hashlib.sha256(told).hexdigest()


def fresh(key: str) -> str:
    """A key that no other answer has: its verdict serves this one only."""
    return f"{key}:{secrets.token_hex(8)}"


def desk(chapter: str) -> Desk:
    """The chapter as it is on the disk now. Raises `UnknownChapter` or `ExerciseError`."""
    return _desk(chapter, files.stamp())


@functools.lru_cache(maxsize=32)
def _desk(name: str, _: files.Stamp) -> Desk:
    chapter = find(name)
    loaded = {each: Exercise.load(chapter.name, each) for each in exercises(chapter)}
    return Desk(chapter, loaded, {each: _point(chapter, each) for each in loaded})


def _point(chapter: Chapter, exercise: str) -> str:
    module = (places.exercises() / chapter.name / f"{exercise}.py").read_bytes()
    told = hashlib.sha256(f"{_workbook()}\0{at(chapter, exercise).digest()}\0".encode())
    told.update(module)
    return told.hexdigest()


@functools.cache
def _workbook() -> str:
    """The code that judges, as it was when this process began."""
    told = hashlib.sha256(__version__.encode())
    for part in _JUDGING:
        for path in sorted((places.CHECKOUT / "workbook_site" / part).rglob("*.py")):
            told.update(path.read_bytes())
    return told.hexdigest()


def without_solution(chapters: set[str]) -> list[str]:
    """Exercises of these chapters that have no solution here: then "everything else right" can't be
    made."""
    folder = places.solutions()
    return sorted(
        f"{name}/{each}"
        for name in chapters
        for each in exercises(find(name))
        if not (folder / name / f"{each}.py").is_file()
    )
