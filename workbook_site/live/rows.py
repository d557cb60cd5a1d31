"""Which bar goes where: spans -> the rows of a chart. Pure; it draws nothing.

Few spans get a row each, in the order of the tree. Many are bundled: siblings of one kind and
name share a row, packed into lanes so that those that overlap lie above each other:

    2 x GET /      [--------]            a row of two lanes
                      [--------]
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from workbook_site.live.spans import Kind, Span

ROOMY = 24  # up to so many spans, each has its own row
MOST_ROWS = 40


@dataclasses.dataclass
class Row:
    """One row: a span, or a bundle of them, `depth` steps below a root."""

    kind: Kind
    name: str
    depth: int
    spans: list[Span]

    @property
    def lanes(self) -> list[list[Span]]:
        """Its spans such that within one lane no two overlap, by their start."""
        lanes: list[list[Span]] = []
        for span in sorted(self.spans, key=_start):
            free = next((lane for lane in lanes if _end(lane[-1]) <= span.start), None)
            if free is None:
                lanes.append([span])
            else:
                free.append(span)
        return lanes


def _start(span: Span) -> float:
    return span.start


def _end(span: Span) -> float:
    return span.start if span.end is None else span.end


def rows(spans: Sequence[Span], roomy: int = ROOMY) -> tuple[list[Row], int]:
    """The rows, and how many spans were left out because there were too many kinds of them."""
    known = set(map(id, spans))
    children: dict[int, list[Span]] = {}
    for span in sorted(spans, key=_start):
        parent = span.parent if span.parent and id(span.parent) in known else None
        children.setdefault(id(parent) if parent else 0, []).append(span)
    one_each = len(spans) <= roomy
    every = list(_tree(children.get(0, []), children, 0, one_each))
    left_out = sum(len(row.spans) for row in every[MOST_ROWS:])
    return every[:MOST_ROWS], left_out


def _tree(
    spans: list[Span], children: dict[int, list[Span]], depth: int, one_each: bool
) -> Iterable[Row]:
    for group in [[span] for span in spans] if one_each else _alike(spans):
        yield Row(group[0].kind, group[0].name, depth, group)
        below = [child for span in group for child in children.get(id(span), [])]
        yield from _tree(sorted(below, key=_start), children, depth + 1, one_each)


def _alike(spans: list[Span]) -> list[list[Span]]:
    groups: dict[tuple[Kind, str], list[Span]] = {}
    for span in spans:
        groups.setdefault((span.kind, span.name), []).append(span)
    return list(groups.values())
