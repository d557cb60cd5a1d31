from workbook_site.building.source import read, sources


def kinds(text):
    return [(cell.kind, cell.text) for cell in read(text)]


def test_headings_and_two_blank_lines_begin_cells():
    text = "# A\n\nText.\n\n## B\n\nMore.\n\n\nFurther.\n"
    assert kinds(text) == [
        ("markdown", "# A\n\nText."),
        ("markdown", "## B\n\nMore."),
        ("markdown", "Further."),
    ]


def test_a_python_fence_is_a_cell_with_its_options():
    (cell,) = read('```python id="both" tags=["raises-exception"]\nx = 1\n\n\ny = 2\n```\n')
    assert (cell.kind, cell.text) == ("code", "x = 1\n\n\ny = 2")
    assert (cell.id, cell.tags) == ("both", ("raises-exception",))


def test_a_fence_to_be_read_stays_prose_and_loses_its_mark():
    text = "Look:\n\n```python .noeval\nx = 1\n```\n\n```console\n# not a heading\n```\n"
    assert kinds(text) == [
        ("markdown", "Look:\n\n```python\nx = 1\n```\n\n```console\n# not a heading\n```")
    ]


def test_a_longer_fence_holds_a_file_that_has_fences():
    (cell,) = read("````python\n%%site readme.md\n```text\nx\n```\n````\n")
    assert cell.text == "%%site readme.md\n```text\nx\n```"


def test_a_template_keeps_its_braces_and_percent_signs():
    body = '%%site blog/templates/x.html\n{% extends "base.html" %}\n{{ post.title }}'
    (cell,) = read(f"```python\n{body}\n```\n")
    assert cell.text == body


def test_chapters_are_found_in_order_and_strangers_are_not(empty):
    for name in ("10_tasks.md", "02_servers.md", "notes.md", "03_Big.md"):
        empty.write(f"notebooks/source/{name}", "# Title\n")
    assert [source.name for source in sources()] == ["servers", "tasks"]
    assert sources()[0].notebook == empty.root / "notebooks" / "02_servers.ipynb"
