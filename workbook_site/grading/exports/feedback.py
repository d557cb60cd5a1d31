"""One page a submission, for the one who handed it in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from html import escape

from workbook_site.checking import Report, html, words
from workbook_site.grading.exports.given import Given
from workbook_site.grading.exports.pages import page
from workbook_site.grading.marks import ExerciseMark, Mark
from workbook_site.grading.models import State
from workbook_site.project import UnknownChapter, find

LATE = "{days} {unit} late: {lost} of {reached} points are taken off."
MANUAL = "Your instructor gave {points} of {possible} points."
NOTHING = "This exercise was not judged yet."
WAITING = "This submission was not graded yet."


def feedback_path(mark: Mark) -> str:
    """Where its page lies below `feedback/`: two students never share one, whatever their names."""
    return f"{_folder(mark.key)}/{_stem(mark.chapter)}.html"


def _folder(key: str) -> str:
    plain = re.sub(r"[^\w.@-]+", "_", key).strip("._")[:80]
    if plain == key:
        return plain
    return f"{plain}-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _stem(chapter: str) -> str:
    try:
        return find(chapter).stem
    except UnknownChapter:
        return chapter


def feedback(mark: Mark, found: Mapping[str, Given]) -> str:
    """The page: points, then each exercise with what passed, what did not, and what was said."""
    title = _title(mark.chapter)
    parts = [f"<h1>{html.inline(title)}</h1>", _summary(mark)]
    if mark.problem:
        parts.append(_boxed("note", mark.problem))
    elif mark.state != State.GRADED:
        parts.append(_boxed("note", WAITING))
    if mark.state == State.GRADED or found:
        parts += [_exercise(each, found.get(each.exercise)) for each in mark.exercises.values()]
    return page(f"{mark.name or mark.key}: {title}", "\n".join(parts))


def _title(chapter: str) -> str:
    try:
        return find(chapter).title
    except UnknownChapter:
        return chapter


def _summary(mark: Mark) -> str:
    told = {
        "Student": mark.name or mark.key,
        "Points": f"{words.points(mark.points)} of {words.points(mark.possible)}",
        "Handed in": f"{mark.received_at:%Y-%m-%d %H:%M} UTC",
        "File": mark.source.rpartition("/")[2],
    }
    if mark.late_by:
        told["Lateness"] = LATE.format(
            days=mark.late_by,
            unit="day" if mark.late_by == 1 else "days",
            lost=words.points(round(mark.reached - mark.points, 2)),
            reached=words.points(mark.reached),
        )
    pairs = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in told.items())
    return f"<dl>{pairs}</dl>"


def _exercise(mark: ExerciseMark, given: Given | None) -> str:
    parts = [f"<h2>{escape(mark.title or mark.exercise)}</h2>"]
    if mark.manual:
        told = MANUAL.format(points=words.points(mark.points), possible=words.points(mark.possible))
        parts.append(_boxed("said", told))
    if mark.comment:
        parts.append(_boxed("said", mark.comment))
    if mark.note:
        parts.append(_boxed("note", mark.note))
    parts.append(
        html.render(Report.from_json(given.report), titled=False)
        if given
        else _boxed("note", NOTHING)
    )
    if given and given.answer.strip():
        code = escape(given.answer.strip("\n"))
        parts.append(
            f"<details><summary>Your answer</summary><pre tabindex=0>{code}</pre></details>"
        )
    return "\n".join(parts)


def _boxed(kind: str, text: str) -> str:
    return f'<div class="{kind}">{escape(text)}</div>'
