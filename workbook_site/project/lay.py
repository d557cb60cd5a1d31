"""Put a project onto the disk without ever overwriting what the learner wrote.

Each block is settled on its own: one that is missing is added, one that still reads as some
chapter gave it goes to its newest version, any other is the learner's and stays.
"""

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from workbook_site.project import blocks
from workbook_site.project.replay import History


@dataclass
class Laid:
    """What happened, file by file: paths that are new, were brought up to date, or were kept."""

    new: list[str] = field(default_factory=list)
    upgraded: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.upgraded)


def lay(told: History, folder: Path) -> Laid:
    """Write what is missing of the project into `folder`; see the module's text for the rule."""
    laid = Laid()
    for path, wanted in told.project.files.items():
        target = folder / path
        if not target.exists():
            write(target, wanted)
            laid.new.append(path)
            continue
        found = target.read_text(encoding="utf-8")
        settled, learners = _settle(told, path, wanted, found)
        if settled != found:
            write(target, settled)
            laid.upgraded.append(path)
        if learners:
            laid.kept.append(path)
    return laid


def _settle(told: History, path: str, wanted: str, found: str) -> tuple[str, bool]:
    """The text to stand in the file, and whether some of it is the learner's own."""
    have, learners, settled = blocks.split(path, found), False, found
    for name, body in blocks.split(path, wanted).items():
        given = have.get(name)
        if given == body:
            continue
        if given is None or given in told.versions.get((path, name), ()):
            settled = blocks.put(path, settled, body, name)
        else:
            learners = True
    return settled, learners


def write(path: Path, text: str | Iterable[str]) -> None:
    """Write a file whole or not at all: a full disk leaves the old text as it was. A long text may
    come in pieces."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines([text] if isinstance(text, str) else text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
