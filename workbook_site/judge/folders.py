"""The folders of judged processes: a fresh copy of a project, and a fresh database, for each."""

import marshal
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from workbook_site.judge.overrides import DATABASE, MAIL
from workbook_site.project import Project


@dataclass(frozen=True)
class Folder:
    """One judged process's folder: `site` is the project, `state` is what it writes."""

    path: Path

    @property
    def site(self) -> Path:
        """The project's files."""
        return self.path / "site"

    @property
    def state(self) -> Path:
        """Its database, mails and queue."""
        return self.path / "state"

    def remove(self) -> None:
        """Take it away, whatever became of it."""
        shutil.rmtree(self.path, ignore_errors=True)


def empty(answers: Path) -> Folder:
    """A new folder below `answers` with nothing in it, for what is laid behind a wall."""
    return Folder(Path(tempfile.mkdtemp(dir=answers)))


def packed(files: Project, database: Path | None) -> bytes:
    """What `make` would lay there, for `unpack`."""
    told: dict[str, bytes | None] = {f"site/{n}": text.encode() for n, text in files.files.items()}
    told[f"state/{MAIL}"] = None
    if database is not None:
        told[f"state/{DATABASE}"] = database.read_bytes()
    return marshal.dumps(told)


def unpack(data: bytes) -> dict[str, bytes | None]:
    """Contents by path below the folder, None for a folder, as `packed` had them."""
    return dict(marshal.loads(data))  # noqa: S302  # the judge's own words


def make(answers: Path, files: Project, database: Path | None) -> Folder:
    """A new folder below `answers`, with the project and a copy of the database."""
    folder = empty(answers)
    for name, text in files.files.items():
        target = folder.site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    (folder.state / MAIL).mkdir(parents=True)
    if database is not None:
        shutil.copyfile(database, folder.state / DATABASE)
    return folder
