"""Every chapter, from its first cell to its last, in an empty workspace of its own."""

import asyncio
import html
import re

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.axe import violations, violations_in_the_dark
from tests.browser.conftest import FLAGS, at_hand
from workbook_site import places
from workbook_site.building import website
from workbook_site.building.execute import execute
from workbook_site.project import cells, chapters

# What a page to read may weigh without its plots, in bytes.
HEAVIEST = 200_000

# Chapters have claims about time: not many of them at once, on a machine that does much else.
AT_ONCE = 2


@pytest.fixture(scope="module")
def executed():
    runs = list(asyncio.run(execute(chapters(), jobs=AT_ONCE)))
    # Other tests run beside them. What a chapter claims must hold when it is by itself.
    starved = [run.chapter for run in runs if run.failures]
    if starved:
        runs += asyncio.run(execute(starved, jobs=1))
    return {run.chapter: run for run in runs}


@pytest.fixture(scope="module")
def browser(executed):
    """To read their pages; None where there is no Chromium, as the tests of tests/browser say.

    It comes once all are executed: its event loop then runs in this thread.
    """
    path = at_hand()
    if path is None:
        yield None
        return
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.name)
def test_every_cell_does_what_it_says_and_the_page_can_be_read(
    chapter, executed, browser, tmp_path
):
    """Expected errors come, all others don't, and the reference answers pass."""
    run = executed[chapter]
    assert [str(failure) for failure in run.failures] == []
    assert len(run.cells) == sum(cell.cell_type == "code" for cell in run.notebook.cells)

    # Its page is looked at here, since executing takes long.
    written = website.write([run], tmp_path)
    page = (tmp_path / f"{chapter.stem}.html").read_text(encoding="utf-8")
    assert website.broken(written) == []
    assert len(re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL).encode()) < HEAVIEST
    assert re.findall(r"<script\b[^>]*>", page) == ['<script src="site.js">']
    # Pictures of live pages, in which nothing runs.
    frames = re.findall(r"<iframe\b[^>]*>", page)
    assert [frame for frame in frames if " sandbox" not in frame] == []
    assert "/site-packages/" not in page.replace(".../site-packages/", "")
    index = (tmp_path / "search-index.js").read_text(encoding="utf-8")
    for shown in (html.unescape(re.sub(r"<[^>]+>", "", page)), index):
        assert [line for line in secrets() if line in shown] == []
    if browser is not None:
        assert broken_rules(browser, tmp_path / f"{chapter.stem}.html") == []


def broken_rules(browser, page):
    """What keeps somebody from using a page, in light and in dark."""
    context = browser.new_context(color_scheme="light")
    opened = context.new_page()
    opened.goto(page.as_uri())
    found = [*violations(opened), *violations_in_the_dark(opened)]
    context.close()
    return found


def secrets():
    """The lines of all solutions that no printed notebook shows."""
    printed = "\n".join(cell.source for chapter in chapters() for cell in cells(chapter))
    for path in places.solutions().glob("*/*.py"):
        parts = path.read_text(encoding="utf-8").split("### BEGIN SOLUTION")[1:]
        for line in "".join(part.partition("### END SOLUTION")[0] for part in parts).splitlines():
            word = line.strip()
            # Shorter ones, such as `return` and `else:`, stand everywhere.
            if len(word) >= 12 and not word.startswith("###") and word not in printed:
                yield word
