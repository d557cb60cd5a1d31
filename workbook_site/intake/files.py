"""The files in a folder or an archive: what they are called, when they came, how to read them."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from workbook_site.intake.trouble import Limits, NotUsable, Trouble

# What systems and editors leave behind, and what a learner's workspace holds beside notebooks.
PASSED_OVER = frozenset({"__MACOSX", "__pycache__", "newsroom", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class File:
    """One file, not read yet. `wrong` is set when it must not be read at all."""

    parts: tuple[str, ...]
    source: str
    received: datetime | None
    load: Callable[[], bytes] = field(repr=False)
    wrong: NotUsable | None = None

    @property
    def name(self) -> str:
        """Its own name."""
        return self.parts[-1]

    @property
    def suffix(self) -> str:
        """Its ending, in small letters, with the dot."""
        return os.path.splitext(self.name)[1].lower()  # noqa: PTH122 - no path of this machine


def passed_over(parts: tuple[str, ...]) -> bool:
    """Is it nobody's work?"""
    return any(part.startswith(".") or part in PASSED_OVER for part in parts)


def in_folder(folder: Path, limits: Limits) -> Iterator[File]:
    """Every file below a folder, sorted; a symbolic link is told of and never followed."""
    yield from _below(folder, (), folder, limits)


def _below(folder: Path, above: tuple[str, ...], top: Path, limits: Limits) -> Iterator[File]:
    for entry in sorted(os.scandir(folder), key=lambda each: each.name):
        parts = (*above, entry.name)
        if passed_over(parts):
            continue
        if entry.is_dir(follow_symlinks=False):
            try:
                yield from _below(Path(entry.path), parts, top, limits)
            except PermissionError as error:
                yield _unreadable(Path(entry.path), parts, error)
        else:
            yield at(Path(entry.path), parts, limits)


def at(path: Path, parts: tuple[str, ...], limits: Limits) -> File:
    """One file on the disk."""
    source = os.fsdecode(os.fsencode(path))
    found = path.lstat()
    wrong = None
    if stat.S_ISLNK(found.st_mode):
        wrong = NotUsable(Trouble.SYMLINK)
    elif not stat.S_ISREG(found.st_mode):
        wrong = NotUsable(Trouble.UNREADABLE, "it is no ordinary file")
    when = datetime.fromtimestamp(found.st_mtime, UTC)
    return File(parts, source, when, lambda: _read(path, limits), wrong)


def _read(path: Path, limits: Limits) -> bytes:
    """Its bytes. It is opened without following a link that may have come since."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            size = os.fstat(handle).st_size
            if size > limits.notebook:
                raise NotUsable(Trouble.TOO_LARGE, size, limits.notebook)
            return file.read(limits.notebook + 1)
    except OSError as error:
        raise NotUsable(Trouble.UNREADABLE, error.strerror or error) from error


def _unreadable(path: Path, parts: tuple[str, ...], error: OSError) -> File:
    wrong = NotUsable(Trouble.UNREADABLE, error.strerror)
    return File(parts, str(path), None, lambda: b"", wrong)
