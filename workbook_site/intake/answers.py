"""The learner's answers in a notebook: nothing else of it is taken.

An exercise's cell is known by its id. What happened to the notebook around it (cells deleted,
edited, copied, put elsewhere, other metadata) has no effect; a cell that lost its id is known by
its `%%exercise` line, or by its metadata.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workbook_site.intake.notebook import Given, parse
from workbook_site.intake.trouble import Limits
from workbook_site.project import Chapter, ExerciseCell, MagicError, cells
from workbook_site.project import parse as parse_magic

MISSING = "The cell of this exercise is not in the notebook; it counts as not tried."
SEVERAL = (
    "{count} cells of the notebook answer this exercise. {which} was graded. "
    "Keep one, and hand the notebook in again if it is not the one you meant."
)
ORIGINAL, LAST = "The one with the cell's own id", "The last one"
NOT_CODE = "The cell of this exercise was turned into {kind}; its text was graded all the same."
TOO_LONG = (
    "The answer has {found:,} bytes; {limit:,} are allowed. It was not judged and counts as not "
    "tried."
)
STRANGE_LINE = "The cell's first line should be %%exercise {name}; the rest was graded."


@dataclass(frozen=True)
class Answer:
    """The text of an exercise's cell without its magic; `note` is for the learner."""

    text: str
    note: str = ""


@dataclass
class Answers:
    """What a notebook answers, by exercise, in the chapter's order. `missing` have no cell."""

    by_exercise: dict[str, Answer] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Asked:
    """An exercise as the chapter prints it."""

    name: str
    cell: str
    starter: str


def answers(data: bytes, chapter: Chapter, limits: Limits | None = None) -> Answers:
    """The answers to a chapter's exercises. Raises `NotUsable` when `data` is no notebook."""
    limits = limits or Limits()
    given, found = parse(data, limits), Answers()
    asked = list(_asked(chapter))
    names = {each.name for each in asked}
    for each in asked:
        answer = _answer(each, _candidates(each, given, chapter, names), limits)
        if answer is None:
            found.missing.append(each.name)
            answer = Answer("", MISSING)
        if answer.note:
            found.notes.append(f"{each.name}: {answer.note}")
        found.by_exercise[each.name] = answer
    return found


def exercises(chapter: Chapter) -> list[str]:
    """The names of a chapter's exercises, in the order of its cells."""
    return [asked.name for asked in _asked(chapter)]


def _asked(chapter: Chapter) -> Iterator[_Asked]:
    for cell in cells(chapter):
        name = (cell.metadata.get("workbook") or {}).get("exercise")
        if name and cell.kind == "code":
            read = parse_magic(cell.source)
            yield _Asked(name, cell.id, read.body if isinstance(read, ExerciseCell) else "")


def _candidates(
    asked: _Asked, given: Sequence[Given], chapter: Chapter, names: set[str]
) -> list[Given]:
    """The cells that may be the answer: code, else what was code once."""
    found = [cell for cell in given if _answers(asked, cell, chapter, names)]
    return [cell for cell in found if cell.kind == "code"] or found


def _answers(asked: _Asked, cell: Given, chapter: Chapter, names: set[str]) -> bool:
    named = _named(cell, chapter)
    if named in names:  # what stands in its first line is what the learner saw it judged as
        return named == asked.name
    return cell.id == asked.cell or (cell.exercise == asked.name and not _is_ours(cell))


def _is_ours(cell: Given) -> bool:
    """Is it a cell of another kind, such as one that writes a file of the project?"""
    return cell.source.lstrip().startswith("%%site")


def _named(cell: Given, chapter: Chapter) -> str:
    """The exercise in the cell's `%%exercise` line, or nothing."""
    try:
        read = parse_magic(cell.source.lstrip())
    except MagicError:
        return ""
    if not isinstance(read, ExerciseCell):
        return ""
    folder, _, name = read.name.rpartition("/")
    return name if folder in ("", chapter.name) else ""


def _answer(asked: _Asked, candidates: list[Given], limits: Limits) -> Answer | None:
    if not candidates:
        return None
    cell, note = _chosen(asked, candidates)
    text = _body(cell)
    size = len(text.encode("utf-8", "replace"))
    if size > limits.answer:
        return Answer("", TOO_LONG.format(found=size, limit=limits.answer))
    if cell.kind != "code":
        note = NOT_CODE.format(kind=cell.kind or "something else")
    return Answer(text, note or _strange(asked, cell))


def _chosen(asked: _Asked, candidates: list[Given]) -> tuple[Given, str]:
    """The cell that counts: one that was worked on, with the original id, the last of these.

    Copies that say the same are no two answers.
    """
    worked = [cell for cell in candidates if not _same(_body(cell), asked.starter)] or candidates
    own = [cell for cell in worked if cell.id == asked.cell]
    cell = (own or worked)[-1]
    different = {" ".join(_body(each).split()) for each in worked}
    if len(different) < 2:
        return cell, ""
    which = ORIGINAL if len(own) == 1 else LAST
    return cell, SEVERAL.format(count=len(worked), which=which)


def _same(one: str, two: str) -> bool:
    return one.split() == two.split()


def _body(cell: Given) -> str:
    """The text below the magic, whatever became of that line; line ends as Python has them."""
    source = cell.source.replace("\r\n", "\n").replace("\r", "\n")
    begun = source.lstrip("\n")
    first, _, rest = begun.partition("\n")
    return rest if first.lstrip().startswith("%%") else source


def _strange(asked: _Asked, cell: Given) -> str:
    first = cell.source.lstrip().partition("\n")[0].split()
    if first[:1] == ["%%exercise"] or not cell.source.strip():
        return ""
    return STRANGE_LINE.format(name=asked.name)
