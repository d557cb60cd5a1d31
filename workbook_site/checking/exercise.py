"""An exercise exists because `exercises/CHAPTER/NAME.py` exists; its answer stands at the same
place under `solutions/`."""

import difflib
import importlib.util
import inspect
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from workbook_site import places
from workbook_site.project.replay import solution

if TYPE_CHECKING:
    from workbook_site.checking.site import Site

UNKNOWN = "There is no exercise {name!r}. {hint}"
BROKEN = "The exercise {path} can't be loaded: {why}"


class UnknownExercise(LookupError):
    """No exercise has that name; the message names the near ones."""

    def __str__(self) -> str:
        return str(self.args[0])


class ExerciseError(ValueError):
    """An exercise's module is not one: ours to mend, not the learner's."""


@dataclass(frozen=True)
class Check:
    """One `async def check(site)`. Its docstring is the sentence that the learner reads."""

    name: str
    sentence: str
    run: "Callable[[Site], Coroutine[Any, Any, None]]"


@dataclass(frozen=True)
class Exercise:
    """One exercise: what is asked, which file its answer is a block of, and how it is checked."""

    chapter: str
    name: str
    title: str
    prompt: str
    file: str
    points: float
    hints: tuple[str, ...]
    given: Mapping[str, str]
    checks: tuple[Check, ...] = field(repr=False)

    @property
    def solution(self) -> str | None:
        """The reference answer without markers; `None` where an instructor ships without it."""
        return solution(self.chapter, self.name)

    @classmethod
    def load(cls, chapter: str, name: str) -> "Exercise":
        """Read one exercise's module. Raises `UnknownExercise` or `ExerciseError`."""
        path = places.exercises() / chapter / f"{name}.py"
        if not path.is_file():
            raise UnknownExercise(UNKNOWN.format(name=name, hint=_hint(chapter, name)))
        module = _module(path)
        title, _, prompt = inspect.cleandoc(module.__doc__ or "").partition("\n")
        try:
            return cls(
                chapter=chapter,
                name=name,
                title=title.strip(),
                prompt=prompt.strip(),
                file=module.FILE,
                points=float(module.POINTS),
                hints=tuple(module.HINTS),
                given=dict(getattr(module, "GIVEN", {})),
                checks=_checks(module),
            )
        except (AttributeError, TypeError, ValueError) as error:
            raise ExerciseError(BROKEN.format(path=f"{chapter}/{name}.py", why=error)) from error


def names(chapter: str) -> list[str]:
    """The exercises of a chapter, by name."""
    return sorted(path.stem for path in (places.exercises() / chapter).glob("[!_]*.py"))


def find(name: str, chapter: str = "") -> Exercise:
    """The exercise called `NAME` or `CHAPTER/NAME`; `chapter` is looked through first.

    Raises `UnknownExercise` naming the near ones.
    """
    folder, _, word = name.rpartition("/")
    if folder:
        return Exercise.load(folder, word)
    folders = sorted(path.name for path in places.exercises().glob("[!_.]*") if path.is_dir())
    for candidate in sorted(folders, key=lambda each: each != chapter):
        if word in names(candidate):
            return Exercise.load(candidate, word)
    raise UnknownExercise(UNKNOWN.format(name=name, hint=_hint(chapter, word)))


def _hint(chapter: str, name: str) -> str:
    known = [path.stem for path in places.exercises().glob("*/[!_]*.py")]
    near = difflib.get_close_matches(name, known, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    here = names(chapter) or sorted(known)
    return f"The exercises are {', '.join(here)}." if here else "There are none yet."


def _module(path: Path) -> ModuleType:
    name = f"workbook_exercises.{path.parent.name}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        told = BROKEN.format(path=f"{path.parent.name}/{path.name}", why=repr(error))
        raise ExerciseError(told) from error
    return module


def _checks(module: ModuleType) -> tuple[Check, ...]:
    return tuple(
        Check(name, inspect.getdoc(value) or name.replace("_", " "), value)
        for name, value in vars(module).items()
        if _is_check(module, name, value)
    )


def _is_check(module: ModuleType, name: str, value: Any) -> bool:
    own = inspect.iscoroutinefunction(value) and value.__module__ == module.__name__
    if not own or name.startswith("_"):
        return False
    return list(inspect.signature(value).parameters) == ["site"]
