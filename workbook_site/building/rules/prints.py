"""Rules for the printed notebooks in `notebooks/`."""

import json
from collections.abc import Iterator
from typing import Any

from workbook_site import places
from workbook_site.building.content import Content, Page, notebook_data, shown
from workbook_site.building.printing import text
from workbook_site.building.rules.rule import Finding, rule

PRINT = "print it: python3 -m workbook_site build"


@rule
def source_is_printable(content: Content) -> Iterator[Finding]:
    """Every source can be printed."""
    for source, why in content.unprintable.items():
        yield Finding(shown(source.path), why)


@rule
def source_names(content: Content) -> Iterator[Finding]:
    """Sources are called NN_CHAPTER.md, and no two chapters share a number or a word."""
    known = {source.path for source in content.sources}
    for path in sorted(places.sources().glob("*")):
        if path not in known and not path.name.startswith("."):
            told = "rename it to NN_CHAPTER.md (two digits, lower-case words), or remove it."
            yield Finding(shown(path), told)
    seen: dict[object, str] = {}
    for source in content.sources:
        for mark in (source.number, source.name):
            if mark in seen:
                told = f"rename it: {seen[mark]} has {mark!r} already."
                yield Finding(shown(source.path), told)
            seen.setdefault(mark, source.path.name)


@rule
def print_is_fresh(content: Content) -> Iterator[Finding]:
    """The printed notebook is what its source gives now, to the byte."""
    for page in content.pages:
        path = page.source.notebook
        if not path.is_file():
            yield Finding(shown(path), f"{PRINT} (it is missing).")
        elif path.read_bytes() != (wanted := text(page.source)).encode():
            told = f"{PRINT} ({_difference(notebook_data(path), page, wanted)})."
            yield Finding(shown(path), told)


@rule
def no_stray_print(content: Content) -> Iterator[Finding]:
    """Every printed notebook has a source."""
    known = {source.notebook for source in content.sources}
    for path in content.notebooks:
        if path not in known:
            told = f"remove it, or write its source, notebooks/source/{path.stem}.md."
            yield Finding(shown(path), told)


@rule
def no_outputs(content: Content) -> Iterator[Finding]:
    """Printed notebooks hold no outputs: learners see their own."""
    for path in content.notebooks:
        data = notebook_data(path)
        if data is None:
            yield Finding(shown(path), f"it is no notebook; {PRINT}.")
            continue
        for cell in data["cells"]:
            if cell.get("outputs") or cell.get("execution_count") is not None:
                told = f"it holds outputs; {PRINT}."
                yield Finding(f"{shown(path)}, cell {cell.get('id', '?')}", told)


def _difference(found: Any, page: Page, wanted: str) -> str:
    """Where two prints part: the first cell that differs."""
    if found is None:
        return "it is no notebook"
    have, want = found["cells"], json.loads(wanted)["cells"]
    for one, other in zip(have, want, strict=False):
        if one != other:
            return f"cell {other['id']} differs"
    if len(have) < len(want):
        return f"cell {want[len(have)]['id']} is missing"
    if len(have) > len(want):
        return f"cell {have[len(want)].get('id', '?')} is no longer in {page.where}"
    return "its form differs, not its cells"
