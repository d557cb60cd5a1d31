"""Reads what a project wrote, and puts all back: in the judge, or in the answer's room for it."""

from pathlib import Path
from typing import Any

from workbook_site.checking import outbox, rows, tasks
from workbook_site.judge import fresh
from workbook_site.judge.overrides import MIGRATED


def read(what: str, state: Path, template: bytes | Path | None, told: dict[str, Any]) -> Any:
    """Read in the folder `state`. Raises `Failure`, and anything for files made to harm."""
    if what == "rows":
        return rows.read(state, **told)
    if what == "outbox":
        return outbox.read(state)
    if what == "queued":
        return tasks.read(state)
    if what == "restore":
        return fresh.restore(state, template or state / MIGRATED)
    raise ValueError(what)
