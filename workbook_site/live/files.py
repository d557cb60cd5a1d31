"""Notice files of the project that were edited elsewhere: in Lab's editor, in another notebook."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

# What a running project is made of. Its database, uploads and caches change all the time.
ENDINGS = (".py", ".html", ".txt", ".xml", ".json", ".toml", ".css", ".js")
SKIPPED = frozenset({"__pycache__", "node_modules", "media", "staticfiles"})

Picture = dict[str, tuple[int, int]]


def picture(folder: Path) -> Picture:
    """Every file that counts, with its time of change (ns) and its size. A few stat calls."""
    found = {}
    for entry in _walk(str(folder)):
        with suppress(FileNotFoundError):  # removed while we look
            status = entry.stat()
            found[entry.path] = status.st_mtime_ns, status.st_size
    return found


def changed(before: Picture, now: Picture, folder: Path) -> list[str]:
    """Paths, relative to the project, that are new, gone, or different."""
    differing = {path for path, _ in before.items() ^ now.items()}
    return sorted(Path(path).relative_to(folder).as_posix() for path in differing)


def _walk(folder: str) -> Iterator["os.DirEntry[str]"]:
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError, PermissionError):  # removed, or not for us
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in SKIPPED:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path)
        elif entry.name.endswith(ENDINGS):
            yield entry
