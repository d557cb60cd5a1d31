"""Follow the files of the project's SQLite databases.

A connection stays with the file that it opened. Once that file is deleted, or another is put in
its place, the notebook would go on with rows that nobody else can see, and write into nothing.
"""

from pathlib import Path

from django.conf import settings

from workbook_site import reload

SQLITE, MEMORY = "sqlite3", ":memory:"
DELETED = """\
The database {file} was deleted, and its rows with it. Make it anew: await site.migrate()"""
REPLACED = "Another file was put in the place of the database {file}: the site uses that one now."

_Identity = tuple[int, int]


class Databases:
    """Compares the databases' files with those that were there at the last look."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[Path, _Identity | None] = {}

    def follow(self) -> list[str]:
        """Close every connection when a file is gone or is another; what to say of each."""
        now = {path: _identity(path) for path in _files()}
        lost = [path for path, before in self._seen.items() if before and now.get(path) != before]
        self._seen = now
        told = [path for path in lost if path in now]
        if told:
            reload.reconnect()
        return [self._told(path, now[path]) for path in told]

    def _told(self, path: Path, now: _Identity | None) -> str:
        file = path.relative_to(self._folder) if path.is_relative_to(self._folder) else path
        return (REPLACED if now else DELETED).format(file=file)


def _files() -> list[Path]:
    if reload.loaded() is None:
        return []
    return [
        Path(told["NAME"])
        for told in settings.DATABASES.values()
        if SQLITE in told.get("ENGINE", "")
        and ":memory:" not in str(told.get("NAME") or ":memory:")
    ]


def _identity(path: Path) -> _Identity | None:
    """Which file it is, whatever stands in it; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
