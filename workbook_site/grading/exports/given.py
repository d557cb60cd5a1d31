"""What each exercise of a submission came to, in full: for many submissions with few questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from workbook_site.grading.marks import Mark
from workbook_site.grading.models import Grade

# Submissions whose reports are in memory at once.
PORTION = 50


@dataclass(frozen=True)
class Given:
    """The report as JSON has it, and the answer's text."""

    report: dict[str, Any]
    answer: str


def given(marks: Sequence[Mark]) -> Iterator[tuple[Mark, dict[str, Given]]]:
    """Each mark, with what is current by exercise."""
    for begin in range(0, len(marks), PORTION):
        some = marks[begin : begin + PORTION]
        found: dict[int, dict[str, Given]] = defaultdict(dict)
        rows = Grade.objects.filter(
            current=True, answer__submission__in=[mark.submission for mark in some]
        ).values_list(
            "answer__submission", "answer__exercise", "verdict__report", "answer__text"
        )  # fmt: skip
        for submission, exercise, report, text in rows:
            found[submission][exercise] = Given(report, text)
        for mark in some:
            yield mark, found[mark.submission]
