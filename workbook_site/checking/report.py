"""What came of judging one answer, as a value. Renderers make HTML, terminal text or JSON of it."""

import dataclasses
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# Long values are cut for the reader's sake, and for the gradebook's.
SHOWN = 2_000


class Outcome(StrEnum):
    """How it went. `OUR_FAULT`: a check or the judge itself broke; it costs the learner nothing."""

    PASSED = "passed"
    NOT_YET = "not yet"
    NOT_TRIED = "not tried"
    OUR_FAULT = "our fault"


@dataclass(frozen=True)
class FailureData:
    """A failure as plain text: safe to store, send and show."""

    message: str
    expected: str | None = None
    actual: str | None = None
    nudge: str = ""
    # The learner's own traceback, or, under `OUR_FAULT`, ours.
    traceback: str = ""


@dataclass(frozen=True)
class Result:
    """One check: `sentence` is what the learner reads, points are whole or parts of a point."""

    check: str
    sentence: str
    outcome: Outcome
    points: float
    possible: float
    failure: FailureData | None = None


@dataclass(frozen=True)
class Report:
    """The verdict on one answer.

    `output` is what the answer printed, cut; `seed` makes the same random inputs again.
    """

    exercise: str
    chapter: str
    title: str
    outcome: Outcome
    points: float
    possible: float
    results: tuple[Result, ...] = ()
    output: str = ""
    seed: int = 0
    hints: tuple[str, ...] = field(default=())

    @property
    def first_failure(self) -> Result | None:
        """The first check that did not pass and has something to say."""
        return next((result for result in self.results if result.failure), None)

    def to_json(self) -> dict[str, Any]:
        """Plain data for `json.dumps`; `from_json` is the way back."""
        return json.loads(json.dumps(dataclasses.asdict(self)))  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Report":
        """The report that `to_json` wrote. Raises `KeyError`, `TypeError` or `ValueError`."""
        results = tuple(_result(result) for result in data["results"])
        told = {**data, "outcome": Outcome(data["outcome"]), "results": results}
        return cls(**{**told, "hints": tuple(data["hints"])})


def _result(data: dict[str, Any]) -> Result:
    failure = FailureData(**data["failure"]) if data["failure"] else None
    return Result(**{**data, "outcome": Outcome(data["outcome"]), "failure": failure})


def shown(value: Any) -> str | None:
    """A value as a learner reads it: text as it is, the rest by `repr`, cut when long."""
    if value is None:
        return None
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} … ({len(text):,} characters)"
