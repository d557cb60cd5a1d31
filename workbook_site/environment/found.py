"""What is installed: the packages that stand whole in a list of folders."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from workbook_site.environment import pins

ENDING = ".dist-info"


def distributions(folders: Iterable[str]) -> dict[str, set[str]]:
    """Name -> versions, both plain. Only names of folders are read: it takes milliseconds."""
    there: dict[str, set[str]] = {}
    for folder in folders:
        for name, version, path in _entries(folder):
            if _is_whole(path):
                there.setdefault(name, set()).add(version)
    return there


def clear_broken(folder: str) -> None:
    """Take away the records of installs cut short: pip can't replace what it can't list."""
    for _, _, path in _entries(folder):
        if not _is_whole(path):
            shutil.rmtree(path)


def _is_whole(path: str) -> bool:
    # The list of files is the last that an installer writes.
    return (Path(path) / "RECORD").is_file()


def _entries(folder: str) -> list[tuple[str, str, str]]:
    try:
        with os.scandir(folder or ".") as scan:
            paths = [entry.path for entry in scan if entry.name.endswith(ENDING)]
    except OSError:
        return []  # A path may name what is no folder: a zip, or nothing at all.
    return [(*_parts(path), path) for path in paths]


def _parts(path: str) -> tuple[str, str]:
    name, _, version = Path(path).name.removesuffix(ENDING).partition("-")
    return pins.normal(name), pins.plain(version)
