"""All that authors wrote, read once: what the house rules look at.

What can't be read is not an error here: it is kept as a sentence, and a rule tells it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from workbook_site import places
from workbook_site.building.printing import Printed, PrintError, cells
from workbook_site.building.source import Source, sources
from workbook_site.checking.exercise import Exercise, ExerciseError

RIGHT, WRONG = "right_", "wrong_"
EXPECT = "# expect:"


@dataclass(frozen=True)
class Answer:
    """An answer that a learner gave, or could have: a file under `tests/answers/CHAPTER/NAME/`."""

    chapter: str
    exercise: str
    path: Path

    @property
    def right(self) -> bool:
        """Whether the judge must let it pass."""
        return self.path.name.startswith(RIGHT)

    @property
    def text(self) -> str:
        """The whole cell below its magic line."""
        return self.path.read_text(encoding="utf-8")

    @property
    def expects(self) -> str:
        """What a wrong answer's report must say; empty where the first line doesn't tell."""
        first = self.text.partition("\n")[0]
        return first.removeprefix(EXPECT).strip() if first.startswith(EXPECT) else ""


@dataclass(frozen=True)
class Page:
    """A chapter as it would be printed now."""

    source: Source
    cells: list[Printed]

    @property
    def where(self) -> str:
        """The file that an author edits to change it."""
        return f"notebooks/source/{self.source.path.name}"

    def at(self, cell: Printed) -> str:
        """Where in the chapter that cell is."""
        return f"{self.where}, cell {cell.id}"

    def prose(self) -> list[Printed]:
        """The Markdown cells."""
        return [cell for cell in self.cells if cell.kind == "markdown"]

    def code(self) -> list[Printed]:
        """The code cells."""
        return [cell for cell in self.cells if cell.kind == "code"]

    def exercises(self) -> list[str]:
        """The exercises it uses, by name, in order."""
        known = (cell.metadata.get("workbook", {}).get("exercise") for cell in self.code())
        return [name for name in known if name]


class Content:
    """The content that `places` points to, read when first asked for."""

    @cached_property
    def sources(self) -> list[Source]:
        """Every chapter's source."""
        return sources()

    @cached_property
    def _pages(self) -> tuple[list[Page], dict[Source, str]]:
        pages, broken = [], {}
        for source in self.sources:
            try:
                pages.append(Page(source, cells(source)))
            except PrintError as error:
                broken[source] = str(error)
        return pages, broken

    @property
    def pages(self) -> list[Page]:
        """Every chapter that can be printed."""
        return self._pages[0]

    @property
    def unprintable(self) -> dict[Source, str]:
        """Why the others can't be."""
        return self._pages[1]

    @cached_property
    def notebooks(self) -> list[Path]:
        """The printed notebooks on disk."""
        return sorted(places.notebooks().glob("*.ipynb"))

    @cached_property
    def _exercises(self) -> tuple[list[Exercise], dict[str, str]]:
        found, broken = [], {}
        for path in _modules(places.exercises()):
            try:
                found.append(Exercise.load(path.parent.name, path.stem))
            except ExerciseError as error:
                broken[shown(path)] = str(error)
        return found, broken

    @property
    def exercises(self) -> list[Exercise]:
        """Every exercise whose module can be loaded."""
        return self._exercises[0]

    @property
    def unloadable(self) -> dict[str, str]:
        """Why the others can't be, by their place."""
        return self._exercises[1]

    @cached_property
    def modules(self) -> list[Path]:
        """Every exercise's file, loadable or not."""
        return list(_modules(places.exercises()))

    @cached_property
    def solutions(self) -> list[Path]:
        """Every solution's file."""
        return list(_modules(places.solutions()))

    @cached_property
    def answers(self) -> list[Answer]:
        """Every kept answer, right or wrong."""
        return [
            Answer(path.parent.parent.name, path.parent.name, path)
            for path in sorted(answers().glob("*/*/*.py"))
            if path.name.startswith((RIGHT, WRONG))
        ]


def answers() -> Path:
    """Where answers are kept that learners really give."""
    return places.content() / "tests" / "answers"


def solution_text(exercise: Exercise) -> str | None:
    """An exercise's solution with its markers; `None` where there is no file."""
    path = places.solutions() / exercise.chapter / f"{exercise.name}.py"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def shown(path: Path) -> str:
    """A path as an author calls it, from the content's folder on."""
    root = places.content()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def of(exercise: Exercise) -> str:
    """The file of an exercise, as an author calls it."""
    return f"exercises/{exercise.chapter}/{exercise.name}.py"


def notebook_data(path: Path) -> Any:
    """A printed notebook as plain data, or `None` when it is not one."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) and isinstance(data.get("cells"), list) else None


def _modules(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.glob("*/*.py")) if not path.name.startswith("_"))
