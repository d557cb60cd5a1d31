import json
import os
import subprocess
import sys

import nbformat
import pytest

from workbook_site.building.printing import PrintError, build, cells, text
from workbook_site.building.source import sources
from workbook_site.project import chapters, replay


def printed_cells(book):
    (source,) = sources()
    return {cell.id: cell for cell in cells(source)}


def test_the_print_is_a_valid_notebook_without_outputs(printed):
    (path,) = (printed.root / "notebooks").glob("*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.title == "Sums"
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)


def test_the_bytes_are_the_same_from_any_process(printed):
    # Hash seeds differ from process to process; a print that walked over a set would show it.
    path = printed.root / "notebooks" / "00_sums.ipynb"
    before = path.read_bytes()
    path.unlink()
    code = "from workbook_site.building.printing import build; assert not build().wrong"
    env = {**os.environ, "PYTHONHASHSEED": "1"}
    subprocess.run([sys.executable, "-c", code], check=True, env=env)
    assert path.read_bytes() == before
    data = json.loads(before)
    assert before.decode() == json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_a_second_build_changes_nothing(printed):
    built = build()
    assert not built.changed
    assert [path.name for path in built.same] == ["00_sums.ipynb"]


def test_an_exercise_becomes_a_prompt_and_a_starter(book):
    found = printed_cells(book)
    prompt, code = found["exercise-add-prompt"], found["exercise-add"]
    assert prompt.text.startswith("### Exercise: Write add\n\n*2 points.")
    assert "Complete the function `add`." in prompt.text
    assert "```python\n# add has no address\n```" in prompt.text
    assert code.text == (
        "%%exercise add\ndef add(number):\n    # Your code here\n    raise NotImplementedError"
    )
    assert code.metadata["workbook"] == {
        "exercise": "add",
        "file": "mysite/add.py",
        "given": {"mysite/urls.py": "# add has no address\n"},
    }


def test_an_exercise_above_the_first_section_skips_no_level(book):
    book.change("notebooks/source/00_sums.md", "## Adding\n", "")
    assert printed_cells(book)["exercise-add-prompt"].text.startswith("## Exercise:")


def test_tags_and_given_ids_are_kept(book):
    book.change("notebooks/source/00_sums.md", "```python\n1 + 1", '```python id="sum"\n1 + 1')
    found = printed_cells(book)
    assert found["sum"].text == "1 + 1"
    assert found["adding-1-0"].metadata == {"tags": ["raises-exception"]}


def test_a_new_cell_leaves_the_ids_of_all_others(book):
    before = list(printed_cells(book))
    book.change("notebooks/source/00_sums.md", "Look at this.", "Look.\n\n```python\nx = 1\n```\n")
    after = list(printed_cells(book))
    assert [name for name in after if name in before] == before
    assert len(after) == len(before) + 1


def test_the_project_can_be_replayed_from_the_print(printed):
    (chapter,) = chapters()
    files = replay.after(chapter).files
    assert files["sums/numbers.py"] == "ONE = 1\n"
    assert "return number * 2" in files["mysite/double.py"]
    assert "SOLUTION" not in files["mysite/double.py"]


def test_what_can_not_be_printed_says_what_to_mend_and_hinders_no_other(book):
    book.write("notebooks/source/01_more.md", "# More\n\n```python\n%%exercise ad\n```\n")
    built = build()
    assert [path.name for path in built.changed] == ["00_sums.ipynb"]
    assert len(built.wrong) == 1
    assert "01_more.md" in built.wrong[0]
    assert "'ad'" in built.wrong[0]
    assert "Did you mean add" in built.wrong[0]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda book: (book.root / "solutions/sums/add.py").unlink(), "Write solutions/sums/add"),
        (lambda book: book.write("solutions/sums/add.py", "x = 1\n"), "no ### BEGIN SOLUTION"),
        (lambda book: book.write("exercises/sums/add.py", "1 /"), "can't be loaded"),
    ],
)
def test_a_print_that_fails_names_the_remedy(book, spoil, told):
    spoil(book)
    (source,) = sources()
    with pytest.raises(PrintError, match=told):
        text(source)
