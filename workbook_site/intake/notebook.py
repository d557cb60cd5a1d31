"""Bytes that somebody handed in, as cells; or the sentence why they are none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbook_site.intake.trouble import Limits, NotUsable, Trouble


@dataclass(frozen=True)
class Given:
    """One cell as it was handed in. Nothing of it is trusted but its text."""

    id: str
    kind: str
    source: str
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def exercise(self) -> str:
        """The exercise that its metadata names, or nothing."""
        noted = self.metadata.get("workbook")
        named = noted.get("exercise") if isinstance(noted, Mapping) else None
        return named if isinstance(named, str) else ""


def parse(data: bytes, limits: Limits | None = None) -> list[Given]:
    """The notebook's cells. Raises `NotUsable` with the first thing that is wrong."""
    limits = limits or Limits()
    notebook = _json(data, limits)
    if not isinstance(notebook, dict):
        raise NotUsable(Trouble.NOT_A_NOTEBOOK, "it holds no object")
    _check_format(notebook)
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise NotUsable(Trouble.NOT_A_NOTEBOOK, "it has no list of cells")
    if len(cells) > limits.cells:
        raise NotUsable(Trouble.TOO_MANY_CELLS, len(cells), limits.cells)
    _check_language(notebook.get("metadata"))
    return [_cell(cell) for cell in cells if isinstance(cell, dict)]


def _json(data: bytes, limits: Limits) -> Any:
    if len(data) > limits.notebook:
        raise NotUsable(Trouble.TOO_LARGE, len(data), limits.notebook)
    if not data.strip():
        raise NotUsable(Trouble.EMPTY)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte {error.start} is {data[error.start : error.start + 1].hex()}"
        raise NotUsable(Trouble.NOT_UTF8, found) from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        found = f"{error.msg} in line {error.lineno}"
        raise NotUsable(Trouble.NOT_JSON, found) from None
    except (ValueError, RecursionError) as error:  # numbers and nests that Python refuses
        raise NotUsable(Trouble.NOT_JSON, str(error)[:100]) from None


def _check_format(notebook: Mapping[str, Any]) -> None:
    found = notebook.get("nbformat")
    if found is None:
        raise NotUsable(Trouble.NOT_A_NOTEBOOK, "it does not say which nbformat it has")
    if found != 4 or isinstance(found, bool | float):
        raise NotUsable(Trouble.OTHER_FORMAT, str(found)[:20])


def _check_language(metadata: object) -> None:
    """A kernel may be called anything; only one for another language is refused."""
    if not isinstance(metadata, Mapping):
        return
    for part, word in (("language_info", "name"), ("kernelspec", "language")):
        told = metadata.get(part)
        named = told.get(word) if isinstance(told, Mapping) else None
        if isinstance(named, str) and named.strip():
            if not named.strip().lower().startswith(("python", "ipython")):
                raise NotUsable(Trouble.OTHER_LANGUAGE, named.strip()[:40])
            return


def _cell(cell: Mapping[str, Any]) -> Given:
    source, metadata = cell.get("source"), cell.get("metadata")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return Given(
        id=str(cell.get("id", "")),
        kind=str(cell.get("cell_type", "")),
        source=source if isinstance(source, str) else "",
        metadata=metadata if isinstance(metadata, Mapping) else {},
    )
