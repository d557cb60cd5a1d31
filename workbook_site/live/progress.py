"""What the learner has solved, kept in the workspace: `.workbook/progress.json`.

{"async_views/dashboard": {"outcome": "passed", "points": 3.0, "possible": 3.0, "tries": 2,
                           "answer_sha": "...", "solved_at": "2026-11-23T10:00:00+00:00"}}

The best outcome is kept: trying something else afterwards takes nothing away. A try is an answer
that differs from the one before. Two kernels may write at once.
"""

import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbook_site.checking.report import Outcome, Report
from workbook_site.live.lock import locked
from workbook_site.project.lay import write
from workbook_site.workspace import backups

Entry = dict[str, Any]

FILE = "progress.json"


def record(state: Path, report: Report, answer: str, now: datetime | None = None) -> Entry:
    """Note one verdict; the entry as it is now. Our own faults are not counted as tries."""
    path = state / FILE
    with locked(state / "progress.lock"):
        entries = read(state)
        key = f"{report.chapter}/{report.exercise}"
        entry = _after(entries.get(key, {}), report, answer, now or datetime.now(UTC))
        entries[key] = entry
        write(path, json.dumps(entries, indent=1, sort_keys=True) + "\n")
    return entry


def read(state: Path) -> dict[str, Entry]:
    """All entries that can be read; none where nothing is kept yet."""
    try:
        return _entries(_text(state))
    except OSError:
        return {}


def rescue(state: Path) -> Path | None:
    """Keep a damaged file aside, before the next `record` writes what is left of it.

    The folder that it is kept in; None when there is nothing wrong. Raises `OSError`.
    """
    with locked(state / "progress.lock"):
        try:
            text = _text(state)
        except FileNotFoundError:
            return None
        if _parsed(text) == _entries(text):
            return None
        return backups.keep(state.parent, "progress", [state / FILE])


def _text(state: Path) -> str:
    return (state / FILE).read_text(encoding="utf-8", errors="replace")


def _entries(text: str) -> dict[str, Entry]:
    """The sound entries, also of a file that breaks off in the middle."""
    found = _parsed(text)
    if not isinstance(found, dict):
        found = {key: _parsed(entry) for key, entry in _ENTRY.findall(text)}
    return {key: entry for key, entry in found.items() if _is_sound(entry)}


# An entry holds no other object, so that it is whole once its bracket closes.
_ENTRY = re.compile(r'"([^"]+/[^"]+)"\s*:\s*(\{[^{}]*\})')


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _is_sound(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("tries", 0), int)


def _after(before: Entry, report: Report, answer: str, now: datetime) -> Entry:
    passed = report.outcome is Outcome.PASSED
    tried = report.outcome in (Outcome.PASSED, Outcome.NOT_YET)
    entry = {"outcome": str(Outcome.NOT_TRIED), "points": 0.0, "tries": 0, **before}
    entry["possible"] = report.possible
    if tried:
        told = hashlib.sha256(answer.encode()).hexdigest()
        entry["tries"] += told != entry.get("answer_sha")  # the same answer again is no new try
        entry["answer_sha"] = told
    if entry["outcome"] != Outcome.PASSED and report.outcome is not Outcome.OUR_FAULT:
        entry["outcome"] = str(report.outcome)
        entry["points"] = report.points
    if passed:
        entry.setdefault("solved_at", now.isoformat(timespec="seconds"))
    return entry
