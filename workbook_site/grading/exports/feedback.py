"""One page a submission, for the one who handed it in."""

from __future__ import annotations

import hashlib
import re
from html import escape
from typing import Any

from workbook_site.checking import Report, html, words
from workbook_site.grading.exports.pages import page
from workbook_site.grading.marks import ExerciseMark, Mark
from workbook_site.grading.models import Grade, State
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


def feedback(mark: Mark) -> str:
    """The page: points, then each exercise with what passed, what did not, and what was said."""
    title = _title(mark.chapter)
    parts = [f"<h1>{html.inline(title)}</h1>", _summary(mark)]
    if mark.problem:
        parts.append(_boxed("note", mark.problem))
    elif mark.state != State.GRADED:
        parts.append(_boxed("note", WAITING))
    found = _verdicts(mark.submission)
    if mark.state == State.GRADED or found:
        parts += [_exercise(each, *found.get(each.exercise, (None, "")))
                  for each in mark.exercises.values()]  # fmt: skip
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


def _exercise(mark: ExerciseMark, report: dict[str, Any] | None, answer: str) -> str:
    parts = [f"<h2>{escape(mark.title or mark.exercise)}</h2>"]
    if mark.manual:
        told = MANUAL.format(points=words.points(mark.points), possible=words.points(mark.possible))
        parts.append(_boxed("said", told))
    if mark.comment:
        parts.append(_boxed("said", mark.comment))
    if mark.note:
        parts.append(_boxed("note", mark.note))
    parts.append(
        html.render(Report.from_json(report), titled=False) if report else _boxed("note", NOTHING)
    )
    if answer.strip():
        code = escape(answer.strip("\n"))
        parts.append(
            f"<details><summary>Your answer</summary><pre tabindex=0>{code}</pre></details>"
        )
    return "\n".join(parts)


def _verdicts(submission: int) -> dict[str, tuple[dict[str, Any], str]]:
    rows = Grade.objects.filter(current=True, answer__submission=submission)
    return {
        exercise: (report, text)
        for exercise, report, text in rows.values_list(
            "answer__exercise", "verdict__report", "answer__text"
        )
    }


def _boxed(kind: str, text: str) -> str:
    return f'<div class="{kind}">{escape(text)}</div>'
