"""Migrated databases, made once for each shape of project and copied for each answer.

A shape is told by the files that a database may depend on. An answer that touches none of these
gets the copy that was made from the chapter's own code; one that does has its own migrations run
in its own process, and what comes of that is never shared.
"""

import hashlib
import json
import shutil
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

# Raised when the way of making them changes: older ones are then made anew.
VERSION = 1

Prepare = Callable[[Project], Awaitable[Folder]]


@dataclass(frozen=True)
class Template:
    """A migrated database, and the migrations that were missing in the project's files."""

    database: Path
    migrations: dict[str, str]


class Templates:
    """The templates in a folder, by shape. `prepare` migrates a project in a process of its own."""

    def __init__(self, folder: Path, prepare: Prepare) -> None:
        self.folder = folder
        self._prepare = prepare

    async def get(self, project: Project) -> Template:
        """The template for this project, made if need be. Raises what `prepare` raises."""
        kept = self.folder / shape(project)
        if not (kept / DATABASE).is_file():
            await self._make(project, kept)
        return Template(
            kept / DATABASE, json.loads((kept / "migrations.json").read_text(encoding="utf-8"))
        )

    async def _make(self, project: Project, kept: Path) -> None:
        folder = await self._prepare(project)
        try:
            self._keep(project, folder, kept)
        finally:
            folder.remove()

    def _keep(self, project: Project, folder: Folder, kept: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copyfile(folder.state / DATABASE, made / DATABASE)
        told = json.dumps(_new_migrations(project, folder.site))
        (made / "migrations.json").write_text(told, encoding="utf-8")
        try:
            made.rename(kept)
        except OSError:  # somebody else made the same one meanwhile
            shutil.rmtree(made)


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
