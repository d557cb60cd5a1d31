"""The chapters' notebooks come to a workspace, and so do their newer versions after a pull.

The rule: a notebook whose cells read as they were delivered goes to the newest version; one that
the learner changed stays, and the new version is laid beside it, once.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook_site import exits, places, project
from workbook_site.project.lay import write
from workbook_site.workspace import backups, notebook

MANIFEST = "manifest.json"

NO_WORKSPACE = """\
The workspace {folder} can't be written to
    {why}
Name a folder that you may write to:
    python3 -m workbook_site lab --workspace ~/my_workbook"""
OWN_GROUND = """\
{folder} belongs to the workbook itself. Name a folder of your own:
    python3 -m workbook_site lab --workspace ~/my_workbook"""
NO_CHAPTER = "No chapter was found in {folder}. Restore it: git checkout notebooks"

NEW = "  new       {name}"
UPGRADED = "  updated   {name}, which you had not changed"
RAN = "  updated   {name}, which you had run but not changed; with its outputs it is in {backup}"
BESIDE = "  kept      {name}, which you changed; the new version is beside it: {beside}"


@dataclass
class Delivered:
    """What came: file names that are new, went to a newer version, or were laid beside.

    `backups` names a folder for each replaced notebook that showed outputs, `beside` the file of
    the new version for each notebook that was kept.
    """

    new: list[str] = field(default_factory=list)
    upgraded: list[str] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)
    backups: dict[str, Path] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [NEW.format(name=name) for name in self.new]
        for name in self.upgraded:
            backup = self.backups.get(name)
            lines.append((RAN if backup else UPGRADED).format(name=name, backup=backup))
        lines += [BESIDE.format(name=name, beside=made) for name, made in self.beside.items()]
        return "\n".join(lines)


def deliver(workspace: Path) -> Delivered:
    """Bring every printed chapter to `workspace`, a folder made if need be. Raises `Stop`."""
    printed = project.chapters()
    if not printed:
        raise exits.Stop(NO_CHAPTER.format(folder=places.notebooks()), exits.WRONG)
    if _is_ours(workspace):
        raise exits.Stop(OWN_GROUND.format(folder=workspace), exits.USAGE)
    try:
        return _deliver(workspace, [chapter.path for chapter in printed])
    except OSError as why:
        told = NO_WORKSPACE.format(folder=workspace, why=why)
        raise exits.Stop(told, exits.FOLDER) from why


def _is_ours(workspace: Path) -> bool:
    """A workspace in the checkout's own folders would change what is printed from."""
    here = workspace.resolve()
    own = (places.notebooks(), places.exercises(), places.solutions(), places.CHECKOUT)
    inside = any(here.is_relative_to(folder.resolve()) for folder in own[:3])
    return inside or here == places.CHECKOUT


def _deliver(workspace: Path, printed: list[Path]) -> Delivered:
    (workspace / places.STATE).mkdir(parents=True, exist_ok=True)
    manifest, done = read_manifest(workspace), Delivered()
    for path in printed:
        manifest[path.name] = _one(workspace, path, manifest.get(path.name, ""), done)
    write_manifest(workspace, manifest)
    return done


def _one(workspace: Path, printed: Path, delivered: str, done: Delivered) -> str:
    """Settle one notebook; the answer is the fingerprint to remember as delivered."""
    new = notebook.fingerprint(notebook.read(printed))
    target = workspace / printed.name
    have = _fingerprint(target)
    if have is None:
        copy(printed, target)
        done.new.append(printed.name)
    elif have == delivered != new:
        _upgrade(workspace, printed, target, done)
    elif new not in (have, delivered):
        done.beside[printed.name] = _lay_beside(printed, target)
    return new


def _fingerprint(path: Path) -> str | None:
    """None where there is no file, a text like no fingerprint where there is no notebook."""
    if not path.exists():
        return None
    try:
        return notebook.fingerprint(notebook.read(path))
    except notebook.Unreadable:
        return "unreadable"


def _upgrade(workspace: Path, printed: Path, target: Path, done: Delivered) -> None:
    if notebook.has_outputs(notebook.read(target)):
        done.backups[target.name] = backups.keep(workspace, target.stem, [target])
    copy(printed, target)
    done.upgraded.append(target.name)


def _lay_beside(printed: Path, target: Path) -> str:
    """Copy the new version to a name that is free, or holds that very version."""
    new = notebook.fingerprint(notebook.read(printed))
    number = 1
    while True:
        ending = ".new.ipynb" if number == 1 else f".new-{number}.ipynb"
        beside = target.with_name(target.stem + ending)
        if _fingerprint(beside) in (None, new):
            copy(printed, beside)
            return beside.name
        number += 1


def copy(printed: Path, target: Path) -> None:
    """Copy it whole or not at all, also when two calls do it at once."""
    write(target, printed.read_text(encoding="utf-8"))


def read_manifest(workspace: Path) -> dict[str, str]:
    """File name -> fingerprint of the version that was last delivered."""
    try:
        text = (workspace / places.STATE / MANIFEST).read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text)["notebooks"]
    except (OSError, ValueError, KeyError, TypeError):
        # Lost: then nothing is known to be untouched, and all that differs is kept.
        return {}
    return {name: str(value) for name, value in found.items()}


def write_manifest(workspace: Path, notebooks: dict[str, str]) -> None:
    """Remember what was delivered."""
    text = json.dumps({"version": 1, "notebooks": notebooks}, indent=1, sort_keys=True)
    write(workspace / places.STATE / MANIFEST, text + "\n")
