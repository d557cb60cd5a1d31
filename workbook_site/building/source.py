"""What authors edit: `notebooks/source/NN_CHAPTER.md`, jupytext Markdown, as a list of cells.

    ## Both at once            ->  SourceCell("markdown", "## Both at once\\n\\nAsk them together.")
    Ask them together.
    ```python id="both"        ->  SourceCell("code", "await gather(...)", id="both")
    await gather(...)
    ```

A heading begins a cell, so do two blank lines. A fence marked `python` is a cell; one marked
`text`, `console`, or anything followed by `.noeval`, is to be read and stays prose.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook_site import places

_NAME = re.compile(r"(\d+)_([a-z][a-z0-9_]*)")
_NOEVAL = re.compile(r"^([ ]{0,3}(?:`{3,}|~{3,})[^`\n]*?) +\.noeval\b", re.MULTILINE)


@dataclass(frozen=True)
class SourceCell:
    """One cell as its author wrote it: `kind` is "code" or "markdown", `id` mostly empty.

    `line` is the line of the source in which the cell's text begins, from 1.
    """

    kind: str
    text: str
    tags: tuple[str, ...] = ()
    id: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, order=True)
class Source:
    """One chapter's source: `name` is the chapter's word, `number` its place in the book."""

    number: int
    name: str
    path: Path

    @property
    def stem(self) -> str:
        """`01_async_views`: the file name without its ending."""
        return self.path.stem

    @property
    def notebook(self) -> Path:
        """Where the printed notebook belongs: one folder up, `NN_NAME.ipynb`."""
        return self.path.parent.parent / f"{self.stem}.ipynb"

    def cells(self) -> list[SourceCell]:
        """The cells, in order. Raises `OSError`, or `UnicodeDecodeError` for what is no text."""
        return read(self.path.read_text(encoding="utf-8"))


def sources() -> list[Source]:
    """Every chapter that has a source, in the order of reading."""
    return sorted(
        Source(int(found.group(1)), found.group(2), path)
        for path in places.sources().glob("*.md")
        if (found := _NAME.fullmatch(path.stem))
    )


def read(text: str) -> list[SourceCell]:
    """Take a source apart into its cells."""
    import jupytext  # half a second: only those who build pay for it

    notebook = jupytext.reads(text, fmt={"extension": ".md", "split_at_heading": True})
    cells = [cell for cell in notebook.cells if cell.source.strip()]
    lines = _lines(text, (cell.source for cell in cells))
    return [_cell(cell, line) for cell, line in zip(cells, lines, strict=True)]


def _cell(cell: Any, line: int) -> SourceCell:
    if cell.cell_type != "code":
        return SourceCell("markdown", _NOEVAL.sub(r"\1", cell.source), line=line)
    tags, given = cell.metadata.get("tags", ()), cell.metadata.get("id", "")
    return SourceCell("code", cell.source, tuple(tags), str(given), line)


def _lines(text: str, parts: Iterable[str]) -> Iterator[int]:
    """The line in which each part begins: jupytext takes the text apart and tells no places."""
    text, at = f"\n{text}\n", 0
    for part in parts:
        found = text.find(f"\n{part}\n", at)
        start = at if found < 0 else found + 1
        yield text.count("\n", 0, start) or 1
        at = at if found < 0 else found + len(part)
