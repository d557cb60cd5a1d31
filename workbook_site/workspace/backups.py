"""Backups: whatever is about to be replaced is copied aside first, under a name that says when."""

import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from workbook_site.places import STATE

FOLDER = "backups"


def keep(workspace: Path, what: str, files: Iterable[Path], now: datetime | None = None) -> Path:
    """Copy those of `files` that exist into a new folder, `20261123-093000-WHAT`, and name it."""
    moment = f"{now or datetime.now():%Y%m%d-%H%M%S}-{what}"
    folder = _new(workspace / STATE / FOLDER, moment)
    for file in files:
        if file.exists():
            shutil.copy2(file, folder / file.name)
    return folder


def _new(parent: Path, name: str) -> Path:
    """A folder that did not exist; two backups within one second get a number."""
    number = 1
    while True:
        folder = parent / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            number += 1
        else:
            return folder
