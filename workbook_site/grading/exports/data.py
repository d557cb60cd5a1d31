"""Everything as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from workbook_site.grading.exports.given import Given, given
from workbook_site.grading.insight import insight
from workbook_site.grading.marks import Mark, not_handed_in
from workbook_site.grading.models import Unplaced

VERSION = 1


def grades_json(marks: list[Mark], *, reports: bool = True) -> dict[str, Any]:
    """Marks, verdicts, who handed nothing in, what could not be placed, and the insight."""
    return {
        "version": VERSION,
        "submissions": [submission_json(mark, known) for mark, known in _known(marks, reports)],
        "not handed in": [
            {"student": each.key, "name": each.name, "email": each.email}
            for each in not_handed_in()
        ],
        "unplaced": [{"source": each.source, "why": each.why} for each in _unplaced()],
        "insight": [each.to_json() for each in insight(marks)],
    }


def grades_text(marks: list[Mark]) -> Iterator[str]:
    """The same as text, in pieces: the reports of a class are never in memory at once."""
    told = grades_json([], reports=False) | {"insight": [i.to_json() for i in insight(marks)]}
    del told["submissions"]
    yield json.dumps(told, indent=1, ensure_ascii=False).removesuffix("\n}")
    yield ',\n "submissions": ['
    for number, (mark, known) in enumerate(given(marks)):
        yield ",\n" if number else "\n"
        yield json.dumps(submission_json(mark, known), indent=1, ensure_ascii=False)
    yield "\n ]\n}\n"


def submission_json(mark: Mark, known: Mapping[str, Given] | None) -> dict[str, Any]:
    """One submission with its exercises; with what is known of these, what the judge said."""
    told = asdict(mark)
    told["student"] = told.pop("key")
    told["received_at"] = mark.received_at.isoformat()
    told["exercises"] = [
        asdict(each) if known is None else {**asdict(each), "report": _report(known.get(name))}
        for name, each in mark.exercises.items()
    ]
    return told


def _known(
    marks: Sequence[Mark], reports: bool
) -> Iterable[tuple[Mark, Mapping[str, Given] | None]]:
    return given(marks) if reports else ((mark, None) for mark in marks)


def _report(found: Given | None) -> dict[str, Any] | None:
    return found.report if found else None


def _unplaced() -> Iterable[Unplaced]:
    return Unplaced.objects.all()
