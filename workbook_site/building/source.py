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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook_site import places

_NAME = re.compile(r"(\d+)_([a-z][a-z0-9_]*)")
_NOEVAL = re.compile(r"^([ ]{0,3}(?:`{3,}|~{3,})[^`\n]*?) +\.noeval\b", re.MULTILINE)


@dataclass(frozen=True)
class SourceCell:
    """One cell as its author wrote it: `kind` is "code" or "markdown", `id` mostly empty."""

    kind: str
    text: str
    tags: tuple[str, ...] = ()
    id: str = ""


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
    return [_cell(cell) for cell in notebook.cells if cell.source.strip()]


def _cell(cell: Any) -> SourceCell:
    if cell.cell_type != "code":
        return SourceCell("markdown", _NOEVAL.sub(r"\1", cell.source))
    tags, given = cell.metadata.get("tags", ()), cell.metadata.get("id", "")
    return SourceCell("code", cell.source, tuple(tags), str(given))
