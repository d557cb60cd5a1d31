"""The chapters there are, and their cells as printed.

A chapter exists because `notebooks/NN_NAME.ipynb` exists. Numbers order the chapters and may
leave gaps.
"""

import difflib
import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook_site import places
from workbook_site.project import files

UNKNOWN = "There is no chapter {name!r}. {hint}"
NEAR = "Did you mean {near}?"
ALL = "The chapters are {names}."
NONE = "No printed notebook was found in {folder}; run: python -m workbook_site build"
UNREADABLE = (
    "The printed notebook {path} can't be read ({why}). "
    "Restore it: git checkout notebooks, or python -m workbook_site build"
)


class UnknownChapter(LookupError):
    """No chapter has that name; the message names the near ones."""

    def __str__(self) -> str:
        return str(self.args[0])


class UnreadableChapter(ValueError):
    """A printed notebook is not one; the message says how to get it back."""


@dataclass(frozen=True, order=True)
class Chapter:
    """One chapter: `number` orders, `name` is its one word everywhere, `path` is the print."""

    number: int
    name: str
    path: Path = field(compare=False)

    @property
    def stem(self) -> str:
        """`01_async_views`: the notebook's file name without its ending."""
        return self.path.stem

    @property
    def title(self) -> str:
        """The chapter's one H1, as the notebook prints it."""
        for cell in cells(self):
            found = re.search(r"^# (.+)$", cell.source, re.MULTILINE)
            if cell.kind == "markdown" and found:
                return found.group(1).strip()
        return self.name


@dataclass(frozen=True)
class Cell:
    """A cell as printed: `kind` is "code" or "markdown"."""

    id: str
    kind: str
    source: str
    metadata: Mapping[str, Any]

    @property
    def tags(self) -> list[str]:
        """Jupyter's cell tags, such as `raises-exception`."""
        return list(self.metadata.get("tags", []))


def chapters() -> list[Chapter]:
    """Every printed chapter, in the order of reading."""
    return sorted(
        Chapter(int(found.group(1)), found.group(2), path)
        for path in places.notebooks().glob("*.ipynb")
        if (found := re.fullmatch(r"(\d+)_(\w+)", path.stem))
    )


def find(name: str) -> Chapter:
    """The chapter called `async_views`, `1`, `01` or `01_async_views`. Raises `UnknownChapter`."""
    known = chapters()
    word = name.strip().removesuffix(".ipynb")
    for chapter in known:
        numbered = word.isdecimal() and int(word) == chapter.number
        if numbered or word in (chapter.name, chapter.stem):
            return chapter
    raise UnknownChapter(UNKNOWN.format(name=name, hint=_hint(word, known)))


def _hint(word: str, known: list[Chapter]) -> str:
    if not known:
        return NONE.format(folder=places.notebooks())
    names = [chapter.name for chapter in known]
    near = difflib.get_close_matches(word.lower(), names, cutoff=0.5)
    if near:
        return NEAR.format(near=" or ".join(near))
    return ALL.format(names=", ".join(chapter.stem for chapter in known))


def cells(chapter: Chapter) -> list[Cell]:
    """The cells of the printed notebook. Raises `UnreadableChapter`."""
    try:
        return list(_cells(chapter.path, files.look(chapter.path)))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableChapter(UNREADABLE.format(path=chapter.path.name, why=error)) from error


@functools.lru_cache(maxsize=64)
def _cells(path: Path, _: files.Look) -> tuple[Cell, ...]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return tuple(_cell(cell) for cell in notebook["cells"])


def _cell(data: Mapping[str, Any]) -> Cell:
    source = data["source"]
    text = source if isinstance(source, str) else "".join(source)
    return Cell(str(data.get("id", "")), data["cell_type"], text, data.get("metadata", {}))
