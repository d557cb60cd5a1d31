"""Every chapter, from its first cell to its last, in an empty workspace of its own."""

import asyncio

import pytest

from workbook_site.building.execute import execute
from workbook_site.project import chapters

# Chapters have claims about time: not many of them at once, on a machine that does much else.
pytestmark = pytest.mark.xdist_group("chapters")
AT_ONCE = 3


@pytest.fixture(scope="module")
def executed():
    runs = asyncio.run(execute(chapters(), jobs=AT_ONCE))
    return {run.chapter: run for run in runs}


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.name)
def test_every_cell_does_what_it_says(chapter, executed):
    """Expected errors come, all others don't, and the reference answers pass."""
    run = executed[chapter]
    assert [str(failure) for failure in run.failures] == []
    assert len(run.cells) == sum(cell.cell_type == "code" for cell in run.notebook.cells)
