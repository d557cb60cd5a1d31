"""Migrated databases, made once for each shape of project and copied for each answer.

A shape is told by the files that a database may depend on. An answer that touches none of these
gets the copy that was made from the chapter's own code; one that does has its own migrations run
in its own process, and what comes of that is never shared.
"""

import contextlib
import hashlib
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import django

from workbook_site.judge.folders import Folder
from workbook_site.judge.overrides import DATABASE
from workbook_site.project import Project

# Files that say nothing about tables, by convention of Django and Channels.
_SHAPELESS = frozenset(
    {"views.py", "urls.py", "asgi.py", "wsgi.py", "consumers.py", "routing.py", "tasks.py",
     "admin.py", "middleware.py", "forms.py", "services.py", "manage.py", "tests.py"}
)  # fmt: skip

# Of these, those at which one of Django's system checks looks, and its tag.
_CHECKED = {"urls.py": "urls", "admin.py": "admin"}

MIGRATIONS = "migrations.json"

# Raised when the way of making them changes: older ones are then made anew.
VERSION = 1

Prepare = Callable[[Project], Awaitable[Folder]]


@dataclass(frozen=True)
class Template:
    """A migrated database, and the migrations that were missing in the project's files."""

    database: Path
    migrations: dict[str, str]


class Templates:
    """The templates in a folder, by shape. `prepare` migrates a project in a process of its own.

    Where `folder` can't be written to they are kept in `spare`.
    """

    def __init__(self, folder: Path, prepare: Prepare, spare: Path) -> None:
        self.folder, self.spare = folder, spare
        self._prepare = prepare
        self._sound: set[Path] = set()

    async def get(self, project: Project) -> Template:
        """The template for this project, made if need be. Raises what `prepare` raises."""
        name = shape(project)
        for folder in (self.folder, self.spare):
            found = self._read(folder / name)
            if found is not None:
                return found
        return await self._make(project, name)

    def _read(self, kept: Path) -> Template | None:
        """The template in this folder; None when there is none, or what is there is damaged.

        Who gets a damaged one would be told that their own code can't use the database.
        """
        try:
            told = json.loads((kept / MIGRATIONS).read_text(encoding="utf-8"))
            if kept not in self._sound:
                _look_through(kept / DATABASE)
                self._sound.add(kept)
        except (OSError, ValueError, sqlite3.Error):
            return None
        return Template(kept / DATABASE, told)

    async def _make(self, project: Project, name: str) -> Template:
        folder = await self._prepare(project)
        try:
            return self._keep(project, folder, self.folder / name)
        except OSError:
            return self._keep(project, folder, self.spare / name)
        finally:
            folder.remove()

    def _keep(self, project: Project, folder: Folder, kept: Path) -> Template:
        kept.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=kept.parent))
        try:
            shutil.copyfile(folder.state / DATABASE, made / DATABASE)
            told = _new_migrations(project, folder.site)
            (made / MIGRATIONS).write_text(json.dumps(told), encoding="utf-8")
            if self._read(kept) is None:  # else somebody else made the same one meanwhile
                shutil.rmtree(kept, ignore_errors=True)
                made.rename(kept)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return Template(kept / DATABASE, told)


def _look_through(database: Path) -> None:
    """Raises `sqlite3.Error`, or `ValueError`, unless it is a whole database that was migrated."""
    with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as opened:
        opened.execute("SELECT id FROM django_migrations LIMIT 1")
        if opened.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise ValueError(database)


def shape(project: Project) -> str:
    """A fingerprint of all that a project's tables may depend on."""
    told = hashlib.sha256(f"{VERSION} {django.__version__}\0".encode())
    for path in sorted(filter(shapes, project.files)):
        told.update(f"{path}\0{project.files[path]}\0".encode())
    return told.hexdigest()[:32]


def shapes(path: str) -> bool:
    """May a database depend on this file?"""
    pure = PurePosixPath(path)
    return pure.suffix == ".py" and pure.name not in _SHAPELESS


def checks(project: Project, base: Project) -> tuple[str, ...]:
    """Tags of those of Django's checks whose files are others than in `base`, of the same shape."""
    texts = {*project.files.items()} ^ {*base.files.items()}
    names = {PurePosixPath(path).name for path, _ in texts}
    return tuple(tag for name, tag in _CHECKED.items() if name in names)


def _new_migrations(project: Project, site: Path) -> dict[str, str]:
    found = {
        path.relative_to(site).as_posix(): path
        for path in site.rglob("*.py")
        if path.parent.name == "migrations"
    }
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in sorted(found.items())
        if name not in project.files
    }
