"""Whether the files of the chapters are still those that were read: quick to tell, and often asked.

What is made of them can so be kept, while an author may go on editing.
"""

import os
from pathlib import Path

from workbook_site import places

# Of one file: when it was changed, in nanoseconds, and its size in bytes.
Look = tuple[int, int]
Stamp = tuple[tuple[str, Look], ...]


def look(path: "Path | os.DirEntry[str]") -> Look:
    """What changes with the file. Raises `OSError`."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def stamp() -> Stamp:
    """What changes when any chapter, exercise or solution does."""
    found = _looks(places.notebooks(), ".ipynb")
    for part in (places.exercises(), places.solutions()):
        for folder in _entries(part):
            if folder.is_dir():
                found += _looks(folder.path, ".py")
    return tuple(sorted(found))


def _looks(folder: Path | str, ending: str) -> list[tuple[str, Look]]:
    return [(each.path, look(each)) for each in _entries(folder) if each.name.endswith(ending)]


def _entries(folder: Path | str) -> "list[os.DirEntry[str]]":
    """What is in a folder; nothing where there is none: a class is given none of the solutions."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []
