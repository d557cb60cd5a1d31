"""A table of figures, as HTML that a screen reader can walk through, and as plain text."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from html import escape

# No style sheet reaches every place where a notebook is read, so the cells carry their own.
_CELL = "padding:2px 12px 2px 0;vertical-align:top;border:0;border-bottom:1px solid #8886;"
_TEXT, _NUMBER = _CELL + "text-align:left", _CELL + "text-align:right;white-space:nowrap"
_TABLE = "border-collapse:collapse;margin:4px 0;font-size:13px;color:inherit;background:none"
_CAPTION = "caption-side:top;text-align:left;color:inherit;padding:2px 0;font-weight:600"

Cell = str | int | float | None


@dataclasses.dataclass(frozen=True, repr=False)
class Table:
    """A table that shows itself where a cell ends with it."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def __repr__(self) -> str:
        return f"{self.caption}\n{text(self.columns, self.rows)}"

    def _repr_html_(self) -> str:
        return html(self.caption, self.columns, self.rows)


def html(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A table whose first column heads its rows. Floats are shown with three digits."""
    head = "".join(f'<th scope="col" style="{_TEXT}">{escape(name)}</th>' for name in columns)
    body = "".join(_row(row) for row in rows)
    return (
        f'<table style="{_TABLE}"><caption style="{_CAPTION}">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def folded(summary: str, table: str) -> str:
    """The table behind a line that opens it, with a click or with the keyboard."""
    style = "cursor:pointer;font-size:13px;padding:2px 0"
    return (
        f'<details style="margin:2px 10px"><summary style="{style}">{escape(summary)}</summary>'
        f'<div style="max-height:360px;overflow:auto" tabindex="0">{table}</div></details>'
    )


def text(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """The same for a terminal: columns as wide as they need, two spaces between them."""
    told = [list(columns), *([say(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*told, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in told
    )


def say(cell: Cell) -> str:
    """A cell as text: nothing for None, three digits for a float."""
    if cell is None:
        return ""
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell:,.0f}" if abs(cell) >= 999.5 else f"{cell:.3g}"


def _row(row: Sequence[Cell]) -> str:
    first, *others = row
    cells = "".join(
        f'<td style="{_TEXT if isinstance(cell, str) else _NUMBER}">{escape(say(cell))}</td>'
        for cell in others
    )
    return (
        f'<tr><th scope="row" style="{_TEXT};font-weight:400">{escape(say(first))}</th>{cells}</tr>'
    )
