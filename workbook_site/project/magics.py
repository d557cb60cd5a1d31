"""What a code cell does to the project: `%%site PATH [--append NAME]` or `%%exercise NAME`."""

import re
import shlex
from dataclasses import dataclass
from pathlib import PurePosixPath

SITE_USAGE = "%%site PATH, or %%site PATH --append NAME"
EXERCISE_USAGE = "%%exercise NAME"

NO_PATH = "%%site needs the path of a file in your project. Write {usage}."
OUTSIDE = (
    "%%site writes inside your project only, and {path!r} leads out of it. "
    "Use a path such as blog/views.py."
)
UNKNOWN_WORDS = "%%site does not understand {words!r}. Write {usage}."
BAD_NAME = "A block's name is one line of letters, digits, dots, dashes and spaces, not {name!r}."
NO_EXERCISE = "%%exercise needs one name of an exercise, not {words!r}. Write {usage}."


class MagicError(ValueError):
    """The line of a magic can't be understood; the message says how to write it."""


@dataclass(frozen=True)
class SiteCell:
    """A cell that writes a file, or one named block of it."""

    path: str
    name: str
    body: str


@dataclass(frozen=True)
class ExerciseCell:
    """A cell that answers an exercise. `name` is `NAME` or `CHAPTER/NAME`."""

    name: str
    body: str


def parse(source: str) -> SiteCell | ExerciseCell | None:
    """Understand a whole cell; `None` for any other cell. Raises `MagicError`."""
    line, _, body = source.lstrip("\n").partition("\n")
    magic, _, words = line.strip().partition(" ")
    if magic == "%%site":
        return parse_site(words, body)
    if magic == "%%exercise":
        return parse_exercise(words, body)
    return None


def parse_site(line: str, body: str) -> SiteCell:
    """Understand what stands after `%%site`. Raises `MagicError`."""
    words = _words(line)
    if not words:
        raise MagicError(NO_PATH.format(usage=SITE_USAGE))
    path, *rest = words
    if not rest:
        return SiteCell(_inside(path), "", body)
    if rest[0] != "--append" or len(rest) == 1:
        raise MagicError(UNKNOWN_WORDS.format(words=" ".join(rest), usage=SITE_USAGE))
    return SiteCell(_inside(path), _block_name(" ".join(rest[1:])), body)


def parse_exercise(line: str, body: str) -> ExerciseCell:
    """Understand what stands after `%%exercise`. Raises `MagicError`."""
    words = _words(line)
    if len(words) != 1:
        raise MagicError(NO_EXERCISE.format(words=line.strip(), usage=EXERCISE_USAGE))
    return ExerciseCell(words[0], body)


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:  # an open quote
        return line.split()


def _inside(path: str) -> str:
    pure = PurePosixPath(path.replace("\\", "/"))
    parts = [part for part in pure.parts if part != "."]
    if pure.is_absolute() or not parts or ".." in parts or ":" in parts[0]:
        raise MagicError(OUTSIDE.format(path=path))
    return "/".join(parts)


def _block_name(name: str) -> str:
    if not re.fullmatch(r"[\w.][\w. -]*", name):
        raise MagicError(BAD_NAME.format(name=name))
    return name.strip()
