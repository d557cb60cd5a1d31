"""Whether the files of the chapters are still those that were read: quick to tell, and often asked.

What is made of them can so be kept, while an author may go on editing.
"""

from pathlib import Path

from workbook_site import places

# Of one file: when it was changed, in nanoseconds, and its size in bytes.
Look = tuple[int, int]
Stamp = tuple[tuple[str, Look], ...]


def look(path: Path) -> Look:
    """What changes with the file. Raises `OSError`."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def stamp() -> Stamp:
    """What changes when any chapter, exercise or solution does."""
    found = [
        *places.notebooks().glob("*.ipynb"),
        *places.exercises().glob("*/*.py"),
        *places.solutions().glob("*/*.py"),
    ]
    return tuple((str(path), look(path)) for path in sorted(found))
