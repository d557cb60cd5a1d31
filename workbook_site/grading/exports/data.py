"""Everything as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from workbook_site.grading.insight import insight
from workbook_site.grading.marks import Mark, not_handed_in
from workbook_site.grading.models import Grade, Unplaced

VERSION = 1


def grades_json(marks: list[Mark], *, reports: bool = True) -> dict[str, Any]:
    """Marks, verdicts, who handed nothing in, what could not be placed, and the insight."""
    return {
        "version": VERSION,
        "submissions": [submission_json(mark, reports=reports) for mark in marks],
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
    for number, mark in enumerate(marks):
        yield ",\n" if number else "\n"
        yield json.dumps(submission_json(mark), indent=1, ensure_ascii=False)
    yield "\n ]\n}\n"


def submission_json(mark: Mark, *, reports: bool = True) -> dict[str, Any]:
    """One submission with its exercises; with `reports`, what the judge said in full."""
    told = asdict(mark)
    told["student"] = told.pop("key")
    told["received_at"] = mark.received_at.isoformat()
    given = _reports(mark.submission) if reports else {}
    told["exercises"] = [
        {**asdict(each), "report": given.get(name)} if reports else asdict(each)
        for name, each in mark.exercises.items()
    ]
    return told


def _reports(submission: int) -> dict[str, Any]:
    rows = Grade.objects.filter(current=True, answer__submission=submission)
    return dict(rows.values_list("answer__exercise", "verdict__report"))


def _unplaced() -> Iterable[Unplaced]:
    return Unplaced.objects.all()
