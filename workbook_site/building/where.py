"""Where a chapter's cells stand in the file that its author edits."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbook_site import places
from workbook_site.building.printing import PrintError, cells
from workbook_site.building.source import sources
from workbook_site.project import Chapter


@dataclass(frozen=True)
class Where:
    """A chapter's file, and by a cell's id the line in which it begins, from 1.

    `asked` are the cells that the source only asks for by name: exercises, whose text stands
    elsewhere.
    """

    path: Path
    lines: Mapping[str, int] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()

    def line(self, cell: str, inside: int = 0) -> int:
        """The line of a cell in the file, or of one of its lines, from 1; 1 where it is unknown."""
        further = 0 if cell in self.asked or cell not in self.lines else max(inside - 1, 0)
        return self.lines.get(cell, 1) + further

    @property
    def shown(self) -> str:
        """The file as CI calls it: from the repository's folder on, with slashes."""
        for root in (os.environ.get("GITHUB_WORKSPACE"), places.content()):
            if root and self.path.is_relative_to(Path(root).resolve()):
                return self.path.relative_to(Path(root).resolve()).as_posix()
        return self.path.as_posix()


def of(chapter: Chapter) -> Where:
    """Its source, read; or its notebook, where the chapter has no source or one that is broken."""
    source = next((each for each in sources() if each.name == chapter.name), None)
    if source is None:
        return Where(chapter.path.resolve())
    try:
        printed = cells(source)
    except PrintError:
        return Where(source.path)
    asked = frozenset(cell.id for cell in printed if "workbook" in cell.metadata)
    return Where(source.path, {cell.id: cell.line for cell in printed}, asked)
