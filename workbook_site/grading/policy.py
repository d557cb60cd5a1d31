"""What lateness costs, and which submission counts: `gradebook.toml` in the gradebook's folder.

counts = "newest"             # or "best"
time_zone = "Europe/Berlin"   # of times that are written without one; otherwise this machine's

[due]
async_views = 2026-11-30T23:59:00+01:00

[late]
percent_a_day = 10            # of the points that were reached, for each day begun
at_most = 50                  # percent
grace_minutes = 15
"""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workbook_site import deployment

FILE = "gradebook.toml"
WRONG = "{path} can't be used: {why} Mend it, and repeat the command."
NOT_TOML = "it is no TOML ({why})."
NOT_KNOWN = "it says {word!r}, which is not known; there are {known}."
NOT_A_SECTION = "{word} has to be a section, which begins with a line [{word}]."
NOT_A_NUMBER = "{word} has to be a number from 0 to {most}, not {found!r}."
NOT_A_TIME = "the due date of {word} has to be a date and a time such as 2026-11-30T23:59:00."
NOT_A_ZONE = "there is no time zone {found!r}."
NOT_A_RULE = 'counts has to be "newest" or "best", not {found!r}.'

TEMPLATE = """\
# Which submission of a chapter counts: "newest" or "best".
counts = "newest"

# When chapters are due: a chapter's name, a date and a time (with its offset, or as clocks show
# it here). A chapter that is not named is never late.
[due]
# async_views = 2026-11-30T23:59:00

# What lateness costs: percent of the points reached, for each day begun, and at most so much.
[late]
percent_a_day = 10
at_most = 50
grace_minutes = 0
"""


class PolicyError(ValueError):
    """The file can't be used; the message says why and what to do."""


@dataclass(frozen=True)
class Policy:
    """When chapters are due and what lateness costs. `best`: the best submission counts."""

    best: bool = False
    due: Mapping[str, datetime] = field(default_factory=dict)
    percent_a_day: float = 0.0
    at_most: float = 100.0
    grace: timedelta = timedelta()

    @classmethod
    def read(cls, path: Path | None = None) -> Policy:
        """What the file says; no lateness where there is none. Raises `PolicyError`."""
        path = path or deployment.gradebook() / FILE
        try:
            return cls.parse(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls()
        except (ValueError, OSError) as error:
            raise PolicyError(WRONG.format(path=path, why=error)) from error

    @classmethod
    def parse(cls, text: str) -> Policy:
        """Understand the text of the file. Raises `ValueError`."""
        try:
            told = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ValueError(NOT_TOML.format(why=error)) from error
        _only(told, {"counts", "time_zone", "due", "late"})
        late, due = _section(told, "late"), _section(told, "due")
        _only(late, {"percent_a_day", "at_most", "grace_minutes"})
        return cls(
            best=_counts(told.get("counts", "newest")),
            due=_due(due, _zone(told.get("time_zone"))),
            percent_a_day=_number(late, "percent_a_day", 0.0, 100.0),
            at_most=_number(late, "at_most", 100.0, 100.0),
            grace=timedelta(minutes=_number(late, "grace_minutes", 0.0, 10_000.0)),
        )

    def late_by(self, chapter: str, received: datetime | None, marked: bool = False) -> int:
        """Days begun after the due date, 0 when in time.

        Without a due date, or without a time of its own, the platform's mark counts as one day.
        """
        due = self.due.get(chapter)
        if due is None or received is None:
            return int(marked)
        over = received - due
        if over <= self.grace:
            return 0
        return max(1, math.ceil(over / timedelta(days=1)))

    def deduction(self, days: int) -> float:
        """The share of the points that so many days cost, 0 to 1."""
        return min(days * self.percent_a_day, self.at_most) / 100


def _section(told: Mapping[str, Any], word: str) -> Mapping[str, Any]:
    found = told.get(word, {})
    if not isinstance(found, Mapping):
        raise ValueError(NOT_A_SECTION.format(word=word))
    return found


def _only(told: Any, known: set[str]) -> None:
    for word in told:
        if word not in known:
            raise ValueError(NOT_KNOWN.format(word=word, known=", ".join(sorted(known))))


def _counts(found: object) -> bool:
    if found not in ("newest", "best"):
        raise ValueError(NOT_A_RULE.format(found=found))
    return found == "best"


def _number(told: Mapping[str, Any], word: str, usual: float, most: float) -> float:
    found = told.get(word, usual)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= most:
        raise ValueError(NOT_A_NUMBER.format(word=word, most=f"{most:g}", found=found))
    return float(found)


def _due(told: Mapping[str, Any], zone: tzinfo | None) -> dict[str, datetime]:
    return {chapter: _moment(chapter, found, zone) for chapter, found in told.items()}


def _moment(chapter: str, found: object, zone: tzinfo | None) -> datetime:
    if isinstance(found, date) and not isinstance(found, datetime):
        found = datetime.combine(found, time(23, 59, 59))
    if not isinstance(found, datetime):
        raise ValueError(NOT_A_TIME.format(word=chapter))
    if found.tzinfo:
        return found
    return found.replace(tzinfo=zone) if zone else found.astimezone()


@functools.cache
def _zone(name: object) -> tzinfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(NOT_A_ZONE.format(found=name)) from None
