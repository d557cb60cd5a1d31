"""Every chapter, from its first cell to its last, in an empty workspace of its own."""

import asyncio

import pytest

from workbook_site.building.execute import execute_one
from workbook_site.project import chapters


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.name)
def test_every_cell_does_what_it_says(chapter):
    """Expected errors come, all others don't, and the reference answers pass."""
    run = asyncio.run(execute_one(chapter))
    assert [str(failure) for failure in run.failures] == []
    assert len(run.cells) == sum(cell.cell_type == "code" for cell in run.notebook.cells)
