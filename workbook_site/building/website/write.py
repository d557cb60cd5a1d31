"""Writes the site: a first page, a page for each chapter, the search index, two assets."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workbook_site.building.execute import ChapterRun
from workbook_site.building.website.content import TEMPLATES, Content, Section, content, inline
from workbook_site.building.website.readable import readable
from workbook_site.building.website.search import index
from workbook_site.project import Chapter, cells

ASSETS = Path(__file__).parent / "assets"
INDEX = "search-index.js"


@dataclass(frozen=True)
class Page:
    """A chapter of the site."""

    run: ChapterRun

    @property
    def chapter(self) -> Chapter:
        """The chapter it shows."""
        return self.run.chapter

    @property
    def file(self) -> str:
        """Its name in the site."""
        return f"{self.chapter.stem}.html"

    @cached_property
    def content(self) -> Content:
        """Its cells as HTML."""
        printed = {cell.id: cell for cell in cells(self.chapter)}
        return content(readable(self.run.notebook, printed))

    @property
    def title(self) -> str:
        """The words of its first heading."""
        return self.content.sections[0].heading or self.chapter.name

    @property
    def topics(self) -> list[Section]:
        """What its table of contents lists: the sections, not what is below them."""
        return [section for section in self.content.sections[1:] if section.level == 2]

    @property
    def exercises(self) -> int:
        """How many it has."""
        code = (cell.metadata.get("workbook", {}) for cell in self.run.notebook.cells)
        return sum("exercise" in told for told in code)

    def opening(self, word: str) -> str:
        """What stands behind `**Question:**` or `**Time:**` at its top, as HTML; else nothing."""
        prose = "\n".join(c.source for c in self.run.notebook.cells if c.cell_type == "markdown")
        found = re.search(rf"^\*\*{word}:\*\* (.+)$", prose, re.MULTILINE)
        return inline(found[1]) if found else ""


def write(runs: Sequence[ChapterRun], folder: Path) -> list[Path]:
    """Write the site of these chapters into `folder`, made if need be; the files of it.

    Files of the same name are written anew, all others stay. Raises `OSError`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = [Page(run) for run in runs]
    texts = {page.file: _chapter(pages, place) for place, page in enumerate(pages)}
    texts["index.html"] = _render("index.html.j2", pages=pages, here=None)
    texts[INDEX] = index((page.file, page.title, page.content.sections) for page in pages)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    assets = [shutil.copyfile(path, folder / path.name) for path in sorted(ASSETS.iterdir())]
    return [*(folder / name for name in sorted(texts)), *assets]


def _chapter(pages: Sequence[Page], place: int) -> str:
    before = pages[place - 1] if place else None
    after = pages[place + 1] if place + 1 < len(pages) else None
    return _render("chapter.html.j2", pages=pages, here=pages[place], before=before, after=after)


def _render(template: str, **told: Any) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**told)
