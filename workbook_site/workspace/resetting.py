"""One chapter, or one exercise, as it was printed. What was there before is backed up."""

import copy
import difflib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from workbook_site import exits, lock, places, project
from workbook_site.project.chapters import Chapter
from workbook_site.project.lay import write
from workbook_site.workspace import backups, delivery, notebook

PROGRESS = "progress.json"

UNKNOWN = "There is no chapter or exercise {name!r}. {hint}"
NEAR = "Did you mean {near}?"
ALL = "The chapters are {names}."
SEVERAL = "Several chapters have an exercise {name!r}. Say which: {which}."
NOT_YET = """\
There is no workspace in {folder}, so nothing is to be reset. Begin with:
    python3 -m workbook_site lab"""
MANGLED = """\
{why}
The exercise's cell can't be found in it. Reset the whole chapter (a backup is kept):
    python3 -m workbook_site reset {chapter}"""
CANT_WRITE = "Nothing was reset: {folder} can't be written to ({why})."


@dataclass(frozen=True)
class Reset:
    """What was restored: a `chapter`, or its one `exercise`; `backup` is the folder of the old."""

    chapter: Chapter
    exercise: str
    backup: Path


def reset(name: str, workspace: Path, now: datetime | None = None) -> Reset:
    """Restore what `name` names: a chapter, an exercise, or CHAPTER/EXERCISE. Raises `Stop`."""
    chapter, exercise = find(name)
    if not (workspace / places.STATE).is_dir():
        raise exits.Stop(NOT_YET.format(folder=workspace), exits.USAGE)
    try:
        return _reset(chapter, exercise, workspace, now)
    except OSError as why:
        raise exits.Stop(CANT_WRITE.format(folder=workspace, why=why), exits.FOLDER) from why


def find(name: str) -> tuple[Chapter, str]:
    """The chapter, and the exercise or nothing. Raises `Stop` naming the near ones."""
    there = exercises()
    chapter_word, _, exercise_word = name.strip().rpartition("/")
    matching = [
        (chapter, exercise)
        for chapter, exercise in there
        if exercise == exercise_word and chapter_word in ("", chapter.name, chapter.stem)
    ]
    if len(matching) == 1:
        return matching[0]
    if matching:
        which = " or ".join(f"{chapter.name}/{exercise}" for chapter, exercise in matching)
        raise exits.Stop(SEVERAL.format(name=name, which=which), exits.USAGE)
    try:
        return project.find(name), ""
    except project.UnknownChapter as unknown:
        told = _unknown(name, there) if there else str(unknown)
        raise exits.Stop(told, exits.USAGE) from unknown


def exercises() -> list[tuple[Chapter, str]]:
    """Every exercise that a printed chapter has a cell for."""
    return [
        (chapter, exercise)
        for chapter in project.chapters()
        for cell in notebook.read(chapter.path)["cells"]
        if (exercise := notebook.exercise_of(cell))
    ]


def _unknown(name: str, there: list[tuple[Chapter, str]]) -> str:
    names = [chapter.name for chapter in project.chapters()]
    word = name.rpartition("/")[2].lower()
    near = difflib.get_close_matches(word, [*names, *(item for _, item in there)], cutoff=0.5)
    hint = NEAR.format(near=" or ".join(near)) if near else ALL.format(names=", ".join(names))
    return UNKNOWN.format(name=name, hint=hint)


def _reset(chapter: Chapter, exercise: str, workspace: Path, now: datetime | None) -> Reset:
    target = workspace / chapter.path.name
    progress = workspace / places.STATE / PROGRESS
    restored = _with_exercise(chapter, exercise, target) if exercise else None
    kept = backups.keep(workspace, exercise or chapter.name, [target, progress], now)
    if restored is None:
        _restore_chapter(chapter, workspace, target)
    else:
        notebook.save(target, restored)
    with lock.held(progress.with_suffix(".lock")):  # A kernel may be noting a verdict.
        forget(progress, f"{chapter.name}/{exercise}")
    return Reset(chapter, exercise, kept)


def _restore_chapter(chapter: Chapter, workspace: Path, target: Path) -> None:
    delivery.copy(chapter.path, target)
    manifest = delivery.read_manifest(workspace)
    manifest[target.name] = notebook.fingerprint(notebook.read(target))
    delivery.write_manifest(workspace, manifest)


def _with_exercise(chapter: Chapter, exercise: str, target: Path) -> notebook.Notebook | None:
    """The learner's notebook with that cell as printed; None when they have no notebook."""
    if not target.exists():
        return None
    printed = notebook.read(chapter.path)["cells"]
    try:
        learners = copy.deepcopy(notebook.read(target))
    except notebook.Unreadable as why:
        raise exits.Stop(MANGLED.format(why=why, chapter=chapter.name), exits.WRONG) from why
    at = next(n for n, cell in enumerate(printed) if notebook.exercise_of(cell) == exercise)
    cells = learners["cells"]
    for number, cell in enumerate(cells):
        if notebook.exercise_of(cell) == exercise:
            cells[number] = printed[at]
            return learners
    cells.insert(_place(cells, printed[:at]), printed[at])
    return learners


def _place(cells: list[dict[str, Any]], before: list[dict[str, Any]]) -> int:
    """Where a lost cell belongs: behind the nearest of those printed before it, else at the end."""
    numbers = {cell.get("id"): number for number, cell in enumerate(cells)}
    for cell in reversed(before):
        if cell.get("id") in numbers:
            return numbers[cell["id"]] + 1
    return len(cells)


def forget(progress: Path, key: str) -> None:
    """Take an exercise's entry out of the progress; a `key` like "chapter/" takes all of it."""
    try:
        entries = json.loads(progress.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return  # Nothing is noted, or nothing that can be read: live/ begins anew by itself.
    if not isinstance(entries, dict):
        return
    left = {
        name: entry
        for name, entry in entries.items()
        if name != key and not (key.endswith("/") and name.startswith(key))
    }
    write(progress, json.dumps(left, indent=1, sort_keys=True) + "\n")
