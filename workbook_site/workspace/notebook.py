"""A notebook file as data: read, compared by what a learner can have changed, written."""

import hashlib
import json
from pathlib import Path
from typing import Any

from workbook_site.project.lay import write

Notebook = dict[str, Any]


class Unreadable(ValueError):
    """The file is no notebook; the message says why."""


def read(path: Path) -> Notebook:
    """The notebook in `path`. Raises `Unreadable`; `OSError` when the file can't be opened."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        for cell in found["cells"]:
            _ = cell["cell_type"], cell["source"]
    except (ValueError, KeyError, TypeError) as why:
        raise Unreadable(f"{path.name} is no notebook that can be read: {why!r}") from why
    assert isinstance(found, dict)
    return found


def save(path: Path, notebook: Notebook) -> None:
    """Write it whole or not at all, laid out as Jupyter does."""
    write(path, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


def source(cell: dict[str, Any]) -> str:
    """A cell's text, which the format allows to be a list of lines."""
    found = cell["source"]
    return found if isinstance(found, str) else "".join(found)


def fingerprint(notebook: Notebook) -> str:
    """The same for two notebooks whose cells have the same kinds and texts, in the same order.

    Outputs and metadata don't count: Jupyter changes them by itself when a notebook is merely
    opened or run, and that must not keep a newer version away.
    """
    cells = [[cell["cell_type"], source(cell)] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def has_outputs(notebook: Notebook) -> bool:
    """Whether a cell shows a result."""
    return any(cell.get("outputs") for cell in notebook["cells"])


def exercise_of(cell: dict[str, Any]) -> str:
    """The exercise that this cell answers, or nothing."""
    words = source(cell).split()
    if cell["cell_type"] == "code" and words[:1] == ["%%exercise"] and len(words) > 1:
        return words[1]
    noted = cell.get("metadata", {}).get("workbook", {})
    return str(noted.get("exercise", "")) if cell["cell_type"] == "code" else ""
