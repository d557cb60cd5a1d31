"""Whose file is it, and for which chapter? Told by names alone, as the platforms write them:

alice/01_async_views.ipynb                              a folder for each student
submitted/alice/async_views/notebook.ipynb              nbgrader
Alice Chan_123_assignsubmission_file_/01_async_views.ipynb      Moodle
chanalice_LATE_123_456_01_async_views-1.ipynb           Canvas
alice_01_async_views.ipynb                              by hand
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from workbook_site.project import Chapter

Parts = tuple[str, ...]

_MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_\w+?_?")
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<file>\d+)_(?P<rest>.+)")
# What a browser or a platform adds to a name that it has seen before.
_AGAIN = re.compile(r"([ _-]*\((?P<copy>\d+)\)|-(?P<attempt>\d+))$")

NBGRADER = "submitted"


@dataclass(frozen=True)
class Place:
    """Where a file belongs. `chapter` is empty when its name does not tell."""

    student: str
    chapter: str
    marked_late: bool = False
    layout: str = ""
    # Does the file's time tell when it was handed in? Platforms write the time of the download.
    dated: bool = True


def place(parts: Parts, chapters: Sequence[Chapter], above: str) -> Place | None:
    """The place of a notebook by the parts of its path; `above` is the name of the folder or
    archive that they are in. `None` when no student can be told."""
    if parts[0] == NBGRADER and len(parts) > 1:
        parts = parts[1:]
    *folders, file = parts
    stem = PurePath(file).stem
    if folders and (moodle := _MOODLE.fullmatch(folders[0])):
        student = f"{moodle['name']} {moodle['id']}"
        return Place(student, chapter_of(stem, chapters), layout="Moodle", dated=False)
    if canvas := _CANVAS.fullmatch(stem):
        late = bool(canvas["late"])
        student = f"{canvas['name']} {canvas['id']}"
        return Place(student, chapter_of(canvas["rest"], chapters), late, "Canvas", dated=False)
    if folders:
        return _in_a_folder(folders, stem, chapters)
    return _loose(stem, chapters, above)


def _in_a_folder(folders: Sequence[str], stem: str, chapters: Sequence[Chapter]) -> Place:
    told = chapter_of(stem, chapters)
    if not told and len(folders) > 1:
        told = next(filter(None, (chapter_of(each, chapters) for each in folders[1:])), "")
    layout = "nbgrader" if len(folders) > 1 else "one folder a student"
    return Place(folders[0], told, layout=layout)


def _loose(stem: str, chapters: Sequence[Chapter], above: str) -> Place | None:
    """A notebook by itself: its name holds the student, or its folder's name does."""
    plain = _AGAIN.sub("", stem)
    for chapter in chapters:
        if chapter.stem == plain:
            return Place(above, chapter.name, layout="single notebooks") if above else None
        if chapter.stem in plain:
            student = plain.replace(chapter.stem, "").strip(" _-.")
            return Place(student, chapter.name, layout="single notebooks")
    return Place(above, "", layout="single notebooks") if above else None


def chapter_of(word: str, chapters: Sequence[Chapter]) -> str:
    """The chapter that a file's or a folder's name tells of, or nothing."""
    plain = _AGAIN.sub("", word).lower()
    for told in ("stem", "name"):
        for chapter in chapters:
            if re.search(rf"(?<![a-z0-9]){re.escape(getattr(chapter, told))}(?![a-z0-9])", plain):
                return chapter.name
    return ""


def attempt(parts: Parts) -> tuple[Parts, str, int]:
    """Sorts the files of a class so that a later attempt at the same file comes later."""
    stem = PurePath(parts[-1]).stem
    again = _AGAIN.search(stem)
    number = int(again["copy"] or again["attempt"]) if again else 0
    return parts[:-1], _AGAIN.sub("", stem), number


def without_wrapping(paths: Sequence[Parts], chapters: Sequence[Chapter]) -> int:
    """How many folders at the top only wrap the class, as an archive of a folder has them."""
    deep = [path for path in paths if path]
    if not deep or any(len(path) < 3 for path in deep) or len({path[0] for path in deep}) > 1:
        return 0
    if deep[0][0] == NBGRADER or any(chapter_of(path[1], chapters) for path in deep):
        return 0
    return 1
