"""What a class found hard: per exercise, how many passed, and what went wrong most."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any

from workbook_site.checking import Outcome
from workbook_site.grading.marks import Mark, place_of
from workbook_site.grading.models import Grade, State, Verdict

COMMON = 3


@dataclass(frozen=True)
class Common:
    """A failure that many share: the check's sentence, what was seen, how many saw it."""

    sentence: str
    message: str
    count: int


@dataclass(frozen=True)
class Insight:
    """One exercise over the class, counted on the submissions that count."""

    chapter: str
    exercise: str
    title: str
    answers: int
    passed: int
    not_yet: int
    not_tried: int
    our_fault: int
    # Of the possible points, 0 to 1.
    mean: float
    commonest: list[Common] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share that passed, 0 to 1."""
        return self.passed / self.answers if self.answers else 0.0

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**asdict(self), "share": round(self.share, 6)}


def insight(marks: Iterable[Mark]) -> list[Insight]:
    """The exercises of all chapters in these marks, in the chapters' order."""
    graded = [mark for mark in marks if mark.state == State.GRADED]
    failures = _failures({mark.submission for mark in graded})
    found: dict[tuple[str, str], list[tuple[str, float, float, str]]] = defaultdict(list)
    for mark in graded:
        for name, each in mark.exercises.items():
            told = (each.outcome, each.points, each.possible, each.title)
            found[mark.chapter, name].append(told)
    return [_one(place, rows, failures[place]) for place, rows in sorted(
        found.items(), key=lambda each: place_of(each[0][0])
    )]  # fmt: skip


def _one(
    place: tuple[str, str],
    rows: list[tuple[str, float, float, str]],
    failures: Counter[tuple[str, str]],
) -> Insight:
    outcomes = Counter(outcome for outcome, *_ in rows)
    possible = sum(row[2] for row in rows)
    return Insight(
        chapter=place[0],
        exercise=place[1],
        title=rows[0][3],
        answers=len(rows),
        passed=outcomes[Outcome.PASSED],
        not_yet=outcomes[Outcome.NOT_YET],
        not_tried=outcomes[Outcome.NOT_TRIED],
        our_fault=outcomes[Outcome.OUR_FAULT],
        mean=round(sum(row[1] for row in rows) / possible, 6) if possible else 0.0,
        commonest=[Common(*told, count) for told, count in failures.most_common(COMMON)],
    )


def _failures(submissions: set[int]) -> dict[tuple[str, str], Counter[tuple[str, str]]]:
    """Per exercise, each answer's first failure. Reports are read once, however many share them."""
    counted: Counter[int] = Counter()
    rows = Grade.objects.filter(current=True, verdict__outcome=Outcome.NOT_YET)
    for submission, verdict in rows.values_list("answer__submission", "verdict"):
        if submission in submissions:
            counted[verdict] += 1
    found: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for pk, chapter, exercise, report in Verdict.objects.values_list(
        "pk", "chapter", "exercise", "report"
    ).iterator(chunk_size=200):
        if pk in counted:
            told = _first(report)
            if told:
                found[chapter, exercise][told] += counted[pk]
    return found


def _first(report: dict[str, Any]) -> tuple[str, str] | None:
    for result in report["results"]:
        if result["failure"]:
            return result["sentence"], result["failure"]["message"]
    return None


# --- The plot ---

_WIDTH, _ROW, _NAMES = 640, 30, 220
# Colour, hatch angle and word: told apart without seeing colours.
_KINDS = (
    ("passed", "#18794e", None),
    ("not yet", "#a6420f", 45),
    ("not tried", "#5c6470", 90),
    ("our fault", "#6b3fa0", 135),
)


def plot(found: list[Insight]) -> str:
    """The shares as bars, an SVG that stands in a page by itself; light and dark."""
    height = _ROW * len(found) + 56
    label = "Share of answers per exercise: passed, not yet, not tried"
    rows = "".join(_bar(each, 28 + number * _ROW) for number, each in enumerate(found))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{label}" width="100%" style="max-width:{_WIDTH}px" '
        f'font-family="system-ui,sans-serif" font-size="13" fill="currentColor">'
        f"<title>{label}</title><defs>{_patterns()}</defs>"
        f'<text x="0" y="14" font-weight="600">{label}</text>{rows}{_legend(height - 10)}</svg>'
    )


def _patterns() -> str:
    return "".join(
        f'<pattern id="k{number}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({angle or 0})"><rect width="6" height="6" fill="{colour}"/>'
        + ('<path d="M0 0V6" stroke="#fff" stroke-opacity=".45" stroke-width="2"/>'
           if angle is not None else "")
        + "</pattern>"
        for number, (_, colour, angle) in enumerate(_KINDS)
    )  # fmt: skip


def _bar(each: Insight, top: int) -> str:
    counts = (each.passed, each.not_yet, each.not_tried, each.our_fault)
    left, parts = float(_NAMES), []
    for number, count in enumerate(counts):
        width = (_WIDTH - _NAMES - 50) * count / max(1, each.answers)
        told = f"{_KINDS[number][0]}: {count} of {each.answers}"
        if count:
            parts.append(
                f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="20" '
                f'fill="url(#k{number})"><title>{told}</title></rect>'
            )
        left += width
    name = escape(each.exercise.replace("_", " "))
    return (
        f'<text x="0" y="{top + 15}">{name}</text>{"".join(parts)}'
        f'<text x="{_WIDTH}" y="{top + 15}" text-anchor="end">{each.share:.0%}</text>'
    )


def _legend(y: int) -> str:
    parts = []
    for number, (word, *_) in enumerate(_KINDS):
        x = _NAMES + number * 100
        parts.append(
            f'<rect x="{x}" y="{y - 11}" width="12" height="12" fill="url(#k{number})"/>'
            f'<text x="{x + 17}" y="{y}">{word}</text>'
        )
    return "".join(parts)
