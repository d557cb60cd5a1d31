"""What the learner has solved, kept in the workspace: `.workbook/progress.json`.

{"async_views/dashboard": {"outcome": "passed", "points": 3.0, "possible": 3.0, "tries": 2,
                           "answer_sha": "...", "solved_at": "2026-11-23T10:00:00+00:00"}}

The best outcome is kept: trying something else afterwards takes nothing away. A try is an answer
that differs from the one before. Two kernels may write at once.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbook_site.checking.report import Outcome, Report
from workbook_site.live.lock import locked
from workbook_site.project.lay import write

Entry = dict[str, Any]


def record(state: Path, report: Report, answer: str, now: datetime | None = None) -> Entry:
    """Note one verdict; the entry as it is now. Our own faults are not counted as tries."""
    path = state / "progress.json"
    with locked(state / "progress.lock"):
        entries = read(state)
        key = f"{report.chapter}/{report.exercise}"
        entry = _after(entries.get(key, {}), report, answer, now or datetime.now(UTC))
        entries[key] = entry
        write(path, json.dumps(entries, indent=1, sort_keys=True) + "\n")
    return entry


def read(state: Path) -> dict[str, Entry]:
    """All entries; none where nothing is kept yet, or what is there can't be read."""
    try:
        entries = json.loads((state / "progress.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return entries if isinstance(entries, dict) else {}


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
