"""What an answer answers: its chapter, what stood in the cell before, and the project around it."""

import functools
from dataclasses import dataclass

from workbook_site.project import Chapter, ExerciseCell, Project, at, cells, files, find, parse


@dataclass(frozen=True)
class Question:
    """`base`: the project right before the answer, everything in it right. It is shared: copy it
    to change it."""

    chapter: Chapter
    starter: str
    base: Project


def question(chapter: str, exercise: str) -> Question:
    """The question of an exercise, as its files are now. Raises `LookupError` or `ValueError`."""
    return _question(chapter, exercise, files.stamp())


@functools.lru_cache(maxsize=256)
def _question(chapter: str, exercise: str, _: files.Stamp) -> Question:
    found = find(chapter)
    return Question(found, starter(found, exercise), at(found, exercise))


def starter(chapter: Chapter, exercise: str) -> str:
    """What stands in the exercise's cell before the learner writes."""
    for cell in cells(chapter):
        if (cell.metadata.get("workbook") or {}).get("exercise") == exercise:
            read = parse(cell.source)
            return read.body if isinstance(read, ExerciseCell) else ""
    return ""
