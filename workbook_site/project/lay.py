"""Put a project onto the disk without ever overwriting what the learner wrote.

Each block is settled on its own: one that is missing is added, one that still reads as some
chapter gave it goes to its newest version, any other is the learner's and stays.
"""

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from workbook_site.project import blocks
from workbook_site.project.replay import History

NOT_TEXT = """\
{path} can't be read as UTF-8 text (byte {byte:#04x} in line {line}).
Save it as UTF-8 in the editor, or move it away; then run the cell again."""


WasGiven = Callable[[str, str, str], bool]


class NotText(ValueError):
    """A file of the project is in another encoding; the message says where, and what to do."""


@dataclass
class Laid:
    """What happened, file by file: paths that are new, were brought up to date, or were kept."""

    new: list[str] = field(default_factory=list)
    upgraded: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.upgraded)


def _never(*_: str) -> bool:
    return False


def lay(told: History, folder: Path, was_given: WasGiven = _never) -> Laid:
    """Write what is missing of the project into `folder`; see the module's text for the rule.

    `was_given` knows of a block's path, name and text whether an older release gave it so.
    """
    laid = Laid()
    for path, wanted in told.project.files.items():
        target = folder / path
        if not target.exists():
            write(target, wanted)
            laid.new.append(path)
            continue
        try:
            found = read(target)
        except NotText:  # whatever it is, it is the learner's
            laid.kept.append(path)
            continue
        settled, learners = _settle(told, path, wanted, found, was_given)
        if settled != found:
            write(target, settled)
            laid.upgraded.append(path)
        if learners:
            laid.kept.append(path)
    return laid


def _settle(
    told: History, path: str, wanted: str, found: str, was_given: WasGiven
) -> tuple[str, bool]:
    """The text to stand in the file, and whether some of it is the learner's own."""
    have, learners, settled = blocks.split(path, found), False, found
    for name, body in blocks.split(path, wanted).items():
        given = have.get(name)
        if given == body:
            continue
        known = told.versions.get((path, name), ())
        # A head is always there, if only empty: nobody wrote that.
        if not given or given in known or was_given(path, name, given):
            settled = blocks.put(path, settled, body, name)
        else:
            learners = True
    return settled, learners


def read(path: Path) -> str:
    """The text of a file of the project. Raises `NotText`; `OSError` when it can't be opened."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        told = NOT_TEXT.format(path=path, byte=error.object[error.start], line=line)
        raise NotText(told) from None


def write(path: Path, text: str | Iterable[str]) -> None:
    """Write a file whole or not at all: a full disk leaves the old text as it was. A long text may
    come in pieces.

    Raises `OSError`, which names the file itself and not the one that it is first written to.
    """
    try:
        _write(path, text)
    except OSError as error:
        if not error.filename or Path(error.filename).parent == path.parent:
            error.filename = str(path)
        raise


def _write(path: Path, text: str | Iterable[str]) -> None:
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
