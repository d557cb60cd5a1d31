"""Rules for the chapters' prose and cells."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from workbook_site.building.content import Content, Page, shown
from workbook_site.building.expect import EXPECTED_ERROR, EXPECTED_STDERR
from workbook_site.building.printing import Printed
from workbook_site.building.prose import headings, images, links
from workbook_site.building.rules.rule import Finding, rule

EXERCISES = 3
KEY_POINTS, PRODUCTION, READING = (
    "Key points",
    "Where it fails in production",
    "Further reading",
)
OPENING = {
    "**Question:**": r"^\*\*Question:\*\* \S.*\?",
    "**Time:** N minutes": r"^\*\*Time:\*\* \d+ minutes",
    "**Objectives:** and a list": r"^\*\*Objectives:\*\*[^\n]*\n\n?(?:- |\* |\d+\. )\S",
}

TAGS = {EXPECTED_ERROR, EXPECTED_STDERR}
FORBIDDEN = ("DJANGO_ALLOW_ASYNC_UNSAFE", "nest_asyncio")
LOCAL = re.compile(r"http://(?:127\.0\.0\.1|localhost|\[::1\])")

# jupytext makes a cell of every fence in a language that IPython has a magic for.
FOREIGN = re.compile(r"%%(bash|sh|html|HTML|javascript|js|latex|markdown|perl|ruby|sql|svg|SVG)\b")

# The names by which a cell would draw on its own.
DRAWING = {"matplotlib", "pyplot", "plt", "pylab"}


@rule
def one_h1_first(content: Content) -> Iterator[Finding]:
    """A chapter has one H1, and begins with it."""
    for page in content.pages:
        titles = [words for level, words in _outline(page) if level == 1]
        if len(titles) != 1:
            yield Finding(page.where, f"give it one H1 (`# Title`); it has {len(titles)}.")
        elif not page.cells[0].text.startswith("# "):
            yield Finding(page.where, "begin it with its H1.")


@rule
def no_skipped_level(content: Content) -> Iterator[Finding]:
    """Headings go down one level at a time: people who read by ear find their way by them."""
    for page in content.pages:
        outline = _outline(page)
        for (level, _), (following, words) in pairwise(outline):
            if following > level + 1:
                told = f"make {words!r} H{level + 1}: it is H{following} below an H{level}."
                yield Finding(page.where, told)


@rule
def opening(content: Content) -> Iterator[Finding]:
    """On top stand the question, the minutes and the objectives."""
    for page in content.pages:
        top = _opening(page)
        for spelled, pattern in OPENING.items():
            if not re.search(pattern, top, re.MULTILINE):
                yield Finding(page.where, f"write {spelled} above the first section.")


@rule
def fixed_sections(content: Content) -> Iterator[Finding]:
    """Key points, where it fails in production, further reading: every chapter, in this order."""
    wanted = [KEY_POINTS, PRODUCTION, READING]
    for page in content.pages:
        sections = [words for level, words in _outline(page) if level == 2]
        for name in wanted:
            if name not in sections:
                yield Finding(page.where, f"write the section `## {name}`.")
        if [name for name in sections if name in wanted] != wanted and set(wanted) <= set(sections):
            yield Finding(page.where, f"put the last sections in order: {', '.join(wanted)}.")


@rule
def further_reading_links(content: Content) -> Iterator[Finding]:
    """Further reading leads somewhere."""
    for page in content.pages:
        if not any(address.startswith("https://") for address in links(_section(page, READING))):
            yield Finding(page.where, f"link one https page or more under `## {READING}`.")


@rule
def enough_exercises(content: Content) -> Iterator[Finding]:
    """A chapter is learnt by doing."""
    for page in content.pages:
        if len(page.exercises()) < EXERCISES:
            told = f"write {EXERCISES} exercises or more; it has {len(page.exercises())}."
            yield Finding(page.where, told)


@rule
def exercise_is_used_once(content: Content) -> Iterator[Finding]:
    """Every exercise stands in its chapter, once."""
    used = {page.source.name: page.exercises() for page in content.pages}
    unprinted = {source.name for source in content.unprintable}
    for path in content.modules:
        chapter, name = path.parent.name, path.stem
        count = used.get(chapter, []).count(name)
        if count != 1 and chapter not in unprinted:
            told = f"use it once in the chapter {chapter}: a fence with `%%exercise {name}` alone."
            yield Finding(shown(path), f"{told} It stands there {count} times.")


@rule
def exercise_cells_are_bare(content: Content) -> Iterator[Finding]:
    """The starter comes from the solution, not from the source."""
    for page in content.pages:
        for cell in page.code():
            if cell.text.startswith("%%exercise") and "workbook" not in cell.metadata:
                told = "leave only the line `%%exercise NAME` in the fence."
                yield Finding(page.at(cell), told)


@rule
def errors_are_explained(content: Content) -> Iterator[Finding]:
    """After a cell that fails on purpose, prose says why."""
    for page in content.pages:
        for cell, following in zip(page.cells, [*page.cells[1:], None], strict=True):
            if EXPECTED_ERROR in cell.metadata.get("tags", []) and not _explains(page, following):
                yield Finding(page.at(cell), "explain below it, in prose, why it fails.")


@rule
def tags_are_known(content: Content) -> Iterator[Finding]:
    """A tag with a slip of the pen would be obeyed by nobody."""
    for page in content.pages:
        for cell in page.code():
            for tag in sorted(set(cell.metadata.get("tags", [])) - TAGS):
                told = f"the tag {tag!r} means nothing; known are {', '.join(sorted(TAGS))}."
                yield Finding(page.at(cell), told)


@rule
def plots_are_described(content: Content) -> Iterator[Finding]:
    """A plot comes with words and its data, for those who can't see it."""
    for page in content.pages:
        for cell in page.code():
            if _names(cell) & DRAWING:
                told = (
                    "draw with `bars` or `lines` of workbook_site.live.plots: they describe "
                    "themselves, and carry their data as a table."
                )
                yield Finding(page.at(cell), told)


@rule
def images_are_described(content: Content) -> Iterator[Finding]:
    """An image in prose has alternative text."""
    for page in content.pages:
        for cell in page.prose():
            for address, alt in images(cell.text):
                if not alt.strip():
                    told = f"say in words what {address} shows: ![the words]({address})."
                    yield Finding(page.at(cell), told)
            if re.search(r"<img\b(?![^>]*\balt=\"[^\"])", cell.text):
                yield Finding(page.at(cell), 'give the <img> its words: alt="...".')


@rule
def links_are_https(content: Content) -> Iterator[Finding]:
    """A link to the outside is https; a link that says nothing helps nobody."""
    for page in content.pages:
        for cell in page.prose():
            for address in links(cell.text):
                if address.startswith("http://") and not LOCAL.match(address):
                    yield Finding(page.at(cell), f"link https, not {address}.")


@rule
def nothing_unsafe(content: Content) -> Iterator[Finding]:
    """What the workbook promises never to do, no cell does."""
    for page in content.pages:
        for cell in page.code():
            for word in FORBIDDEN:
                if word in cell.text:
                    told = f"do without {word}: the workbook teaches what to do instead."
                    yield Finding(page.at(cell), told)


@rule
def cells_are_python(content: Content) -> Iterator[Finding]:
    """A fence in another language would become a cell of it."""
    for page in content.pages:
        for cell in page.code():
            if found := FOREIGN.match(cell.text):
                told = (
                    f"mark the fence ```{found.group(1)} .noeval, or ```console: as it stands it "
                    "becomes a cell that runs."
                )
                yield Finding(page.at(cell), told)


def _explains(page: Page, cell: Printed | None) -> bool:
    """Whether a cell is prose, and not the prompt of the next exercise."""
    prompts = {f"{code.id}-prompt" for code in page.code()}
    return cell is not None and cell.kind == "markdown" and cell.id not in prompts


def _outline(page: Page) -> list[tuple[int, str]]:
    return [heading for cell in page.prose() for heading in headings(cell.text)]


def _opening(page: Page) -> str:
    """The prose above the first H2."""
    found: list[str] = []
    for cell in page.prose():
        if any(level > 1 for level, _ in headings(cell.text)):
            break
        found.append(cell.text)
    return "\n\n".join(found)


def _section(page: Page, name: str) -> str:
    """The prose of the H2 section called so, its heading included."""
    found: list[str] = []
    inside = False
    for cell in page.prose():
        for level, words in headings(cell.text):
            inside = words == name if level <= 2 else inside
        if inside:
            found.append(cell.text)
    return "\n\n".join(found)


def _names(cell: Printed) -> set[str]:
    """Every name that a cell of Python uses; none for `%%` cells and for what is no Python."""
    try:
        tree = ast.parse(re.sub(r"^\s*[%!].*$", "", cell.text, flags=re.MULTILINE))
    except SyntaxError:
        return set()
    if cell.text.startswith("%%"):
        return set()
    return {name for node in ast.walk(tree) for name in _named(node)}


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Import | ast.ImportFrom):
        module = getattr(node, "module", None) or ""
        words = [module, *(alias.name for alias in node.names)]
        yield from (part for word in words for part in word.split("."))
