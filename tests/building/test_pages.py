"""Executed notebooks as pages that need nothing but a browser."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.building.asked import fetched
from workbook_site.building.pages import page, save


@pytest.fixture
def notebook():
    output = new_output("display_data", data={"text/html": "<b>passed</b>", "text/plain": "no"})
    return new_notebook(
        cells=[
            new_markdown_cell("# Sums\n\n[more](https://example.org/sums)"),
            new_code_cell("1 + 1", outputs=[output], execution_count=1),
        ],
        metadata={"title": "Sums & more"},
    )


def test_a_page_fetches_nothing(notebook):
    html = page(notebook)
    assert fetched(html) == []
    assert "cdnjs" not in html
    assert "unpkg" not in html
    assert 'href="https://example.org/sums"' in html


def test_a_page_has_its_title_language_and_outputs(notebook):
    html = page(notebook)
    assert "<title>Sums &amp; more</title>" in html
    assert '<html lang="en">' in html
    assert "<b>passed</b>" in html
    assert html.count("<h1") == 1


def test_both_files_are_written(notebook, tmp_path):
    paths = save(notebook, "00_sums", tmp_path / "new" / "pages")
    assert [path.name for path in paths] == ["00_sums.ipynb", "00_sums.html"]
    nbformat.validate(nbformat.read(paths[0], as_version=4))
