"""Paths, as an instructor types them, to everything that was handed in."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from workbook_site.intake import archive, files, placing
from workbook_site.intake.answers import exercises
from workbook_site.intake.files import File
from workbook_site.intake.notebook import Given, parse
from workbook_site.intake.trouble import Limits, NotUsable, Trouble
from workbook_site.intake.values import Handed, Submitted, Unplaced
from workbook_site.project import Chapter, ExerciseCell, MagicError, chapters
from workbook_site.project import parse as parse_magic

MISSING = "There is no file or folder {path}. Nothing was graded."
NO_CHAPTER = (
    "Neither the file's name nor its cells tell which chapter this is. Name the file as the "
    "chapter is named, such as {example}.ipynb."
)
NO_STUDENT = (
    "The file's name does not tell whose it is. Put it into a folder named for the student."
)
NO_NOTEBOOK = "This is no notebook (.ipynb)."
ZIP_INSIDE = "This is an archive inside an archive or a folder. Unpack it, or name it by itself."
UNDERSTOOD = "{layout}: {count} {notebooks} of {students} for {chapters}"
NOTHING = "No notebook was found."
ASIDE = "{count} {files} could not be placed; the list is below."

# nbgrader's note of when a submission came.
STAMP = "timestamp.txt"


class NothingThere(LookupError):
    """A path that was named does not exist."""


def read(paths: Sequence[Path], *, limits: Limits | None = None) -> Handed:
    """Find out what was handed in. Reads names; files only where their names don't tell.

    Raises `NothingThere` for a path that does not exist; all else is on one of the two lists.
    """
    for path in paths:
        if not path.is_symlink() and not path.exists():
            raise NothingThere(MISSING.format(path=path))
    hand = _Hand(limits or Limits())
    for path in paths:
        hand.take(path)
    return hand.handed()


class _Hand:
    """Collects what each path holds."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.chapters = chapters()
        self.submissions: list[Submitted] = []
        self.unplaced: list[Unplaced] = []
        self._layouts: dict[str, list[Submitted]] = {}

    def take(self, path: Path) -> None:
        """One path of the command line."""
        absolute = path.parent.resolve() / path.name if path.name else path.resolve()
        if path.is_symlink():
            self._aside(str(path), NotUsable(Trouble.SYMLINK))
        elif path.is_dir():
            absolute = path.resolve()
            self._together(list(files.in_folder(path, self.limits)), absolute.name)
        elif path.suffix.lower() == ".zip":
            self._archive(path)
        else:
            file = files.at(path, (path.name,), self.limits)
            self._together([file], absolute.parent.name)

    def _archive(self, path: Path) -> None:
        try:
            self._together(list(archive.members(path, self.limits)), "")
        except NotUsable as wrong:
            self._aside(str(path), wrong)

    def _together(self, found: list[File], above: str) -> None:
        """The files of one folder or archive: their paths explain each other."""
        stamps = {file.parts[:-1]: file for file in found if file.name == STAMP}
        found = [file for file in found if file.name != STAMP]
        notebooks = [file for file in found if file.suffix == ".ipynb"]
        skip = placing.without_wrapping([file.parts for file in notebooks], self.chapters)
        for file in sorted(found, key=lambda each: placing.attempt(each.parts)):
            if file.wrong and file.wrong.trouble is Trouble.ZIP_PATH:
                self._aside(file.source, file.wrong)
            elif file.suffix == ".zip":
                self._aside(file.source, NotUsable(Trouble.NOBODYS, ZIP_INSIDE))
            elif file.suffix != ".ipynb":
                wrong = file.wrong or NotUsable(Trouble.NOBODYS, NO_NOTEBOOK)
                self._aside(file.source, wrong)
            else:
                self._notebook(file, file.parts[skip:], above, stamps.get(file.parts[:-1]))

    def _notebook(self, file: File, parts: tuple[str, ...], above: str, stamp: File | None) -> None:
        place = placing.place(parts, self.chapters, above)
        chapter = (place.chapter if place else "") or self._by_content(file)
        if not chapter:
            example = self.chapters[0].stem if self.chapters else "00_chapter"
            told = NO_CHAPTER.format(example=example)
            self._aside(file.source, file.wrong or NotUsable(Trouble.NOBODYS, told))
        elif place is None or not place.student:
            self._aside(file.source, NotUsable(Trouble.NOBODYS, NO_STUDENT))
        else:
            submitted = Submitted(
                student=place.student,
                chapter=chapter,
                source=file.source,
                received=_stamped(stamp) or (file.received if place.dated else None),
                marked_late=place.marked_late,
                load=_refused(file.wrong) if file.wrong else file.load,
                verify=partial(parse, limits=self.limits),
            )
            self.submissions.append(submitted)
            self._layouts.setdefault(place.layout, []).append(submitted)

    def _by_content(self, file: File) -> str:
        """The chapter whose exercises the notebook has most of."""
        if file.wrong:
            return ""
        try:
            cells = parse(file.load(), self.limits)
        except NotUsable:
            return ""
        votes = Counter(
            chapter.name for chapter in self.chapters for _ in _of_chapter(cells, chapter)
        )
        return votes.most_common(1)[0][0] if votes else ""

    def _aside(self, source: str, wrong: NotUsable) -> None:
        self.unplaced.append(Unplaced(source, str(wrong), wrong.trouble))

    def handed(self) -> Handed:
        """All of it, and what it was taken for."""
        told = [_understood(layout, found) for layout, found in self._layouts.items()]
        if self.unplaced:
            count = len(self.unplaced)
            told.append(ASIDE.format(count=count, files="file" if count == 1 else "files"))
        return Handed("\n".join(told) or NOTHING, self.submissions, self.unplaced)


def _of_chapter(cells: Iterable[Given], chapter: Chapter) -> Iterator[str]:
    """The exercises of this chapter that stand in `%%exercise` lines or in metadata."""
    known = set(exercises(chapter))
    for cell in cells:
        try:
            magic = parse_magic(cell.source)
        except MagicError:
            magic = None
        named = magic.name.rpartition("/")[2] if isinstance(magic, ExerciseCell) else cell.exercise
        if named in known:
            yield named


def _refused(wrong: NotUsable) -> Callable[[], bytes]:
    def load() -> bytes:
        raise wrong

    return load


def _understood(layout: str, found: Sequence[Submitted]) -> str:
    students = len({each.student for each in found})
    named = sorted({each.chapter for each in found})
    return UNDERSTOOD.format(
        layout=layout[:1].upper() + layout[1:],
        count=len(found),
        notebooks="notebook" if len(found) == 1 else "notebooks",
        students=f"{students} student" + ("" if students == 1 else "s"),
        chapters=", ".join(named),
    )


def _stamped(stamp: File | None) -> datetime | None:
    """What nbgrader noted: `2026-11-02 15:58:23.948203 America/Los_Angeles`, or with an offset."""
    if stamp is None or stamp.wrong:
        return None
    try:
        text = stamp.load()[:200].decode("ascii").strip()
        found = re.fullmatch(r"(\S+[ T][\d:.]+) ?(\S*)", text)
        if found is None:
            return None
        told = datetime.fromisoformat(found[1])
        return told.replace(tzinfo=_zone(found[2]))
    except (NotUsable, ValueError, KeyError, OSError):
        return None


def _zone(word: str) -> tzinfo:
    if re.fullmatch(r"[+-]\d\d:?\d\d", word):
        offset = datetime.strptime(word.replace(":", ""), "%z").tzinfo
        assert offset is not None
        return offset
    return ZoneInfo(word) if word and word != "UTC" else UTC
