"""Only the learner's answers are taken, whatever became of the notebook around them."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook_site import places
from workbook_site.intake import Limits, answers
from workbook_site.project import find

CHAPTER = find("three_problems")
MINE = "async def mine(request):\n    return 42\n"


@pytest.fixture
def notebook():
    return json.loads(CHAPTER.path.read_text())


def exercise(cell):
    return cell["metadata"].get("workbook", {}).get("exercise")


def cell_of(notebook, name):
    return next(cell for cell in notebook["cells"] if exercise(cell) == name)


def found(notebook, **limits):
    return answers(json.dumps(notebook).encode(), CHAPTER, Limits(**limits))


def test_each_exercise_of_the_chapter_has_an_answer(notebook):
    told = found(notebook)
    assert list(told.by_exercise) == [
        exercise(cell) for cell in notebook["cells"] if exercise(cell)
    ]
    assert not told.missing
    assert not told.notes


def test_the_text_is_what_stands_below_the_magic(notebook):
    cell_of(notebook, "only_news")["source"] = ["%%exercise only_news\n", *MINE.splitlines(True)]
    assert found(notebook).by_exercise["only_news"].text == MINE


@pytest.mark.parametrize(
    "first",
    ["%%exercise only_news", "\n\n%%exercise only_news", "%%exercise three_problems/only_news",
     "%%exercise  only_news  # mine", "%%exercise 'only_news'"],
)  # fmt: skip
def test_a_cell_that_lost_its_id_is_known_by_its_line(first, notebook):
    cell = cell_of(notebook, "only_news")
    cell.update(id="other", metadata={}, source=f"{first}\n{MINE}")
    told = found(notebook).by_exercise["only_news"]
    assert (told.text, told.note) == (MINE, "")


@pytest.mark.parametrize("lost", ["", "%%exercise onlynews\n", "%%time\n", "%%exercise\n"])
def test_a_cell_that_lost_its_line_is_known_by_its_id(lost, notebook):
    cell_of(notebook, "only_news").update(source=lost + MINE, metadata={})
    told = found(notebook).by_exercise["only_news"]
    assert told.text == MINE


def test_line_ends_of_any_system_are_the_same(notebook):
    cell_of(notebook, "only_news")["source"] = ("%%exercise only_news\n" + MINE).replace(
        "\n", "\r\n"
    )
    assert found(notebook).by_exercise["only_news"].text == MINE


def test_two_answers_are_told(notebook):
    copy = {
        **cell_of(notebook, "only_news"),
        "id": "copy",
        "source": f"%%exercise only_news\n{MINE}",
    }
    cell_of(notebook, "only_news")["source"] = "%%exercise only_news\nfirst = 1\n"
    notebook["cells"].append(copy)
    told = found(notebook)
    assert told.by_exercise["only_news"].text == "first = 1\n"
    assert "2 cells" in told.by_exercise["only_news"].note
    assert told.notes


def test_a_copy_that_was_worked_on_counts_before_an_untouched_original(notebook):
    copy = {
        **cell_of(notebook, "only_news"),
        "id": "copy",
        "source": f"%%exercise only_news\n{MINE}",
    }
    notebook["cells"].insert(0, copy)
    told = found(notebook).by_exercise["only_news"]
    assert (told.text, told.note) == (MINE, "")


def test_of_two_with_the_same_id_the_last_counts(notebook):
    cell = cell_of(notebook, "only_news")
    cell["source"] = "%%exercise only_news\nfirst = 1\n"
    notebook["cells"].append({**cell, "source": f"%%exercise only_news\n{MINE}"})
    told = found(notebook).by_exercise["only_news"]
    assert told.text == MINE
    assert "The last one" in told.note


def test_a_cell_moved_under_another_exercises_id_answers_what_it_says(notebook):
    one, two = cell_of(notebook, "only_news"), cell_of(notebook, "one_article")
    one["source"], two["source"] = (
        f"%%exercise one_article\n{MINE}",
        "%%exercise only_news\nx = 1\n",
    )
    told = found(notebook).by_exercise
    assert told["one_article"].text == MINE
    assert told["only_news"].text == "x = 1\n"


def test_a_deleted_cell_costs_its_own_exercise(notebook):
    notebook["cells"].remove(cell_of(notebook, "only_news"))
    told = found(notebook)
    assert told.missing == ["only_news"]
    assert told.by_exercise["only_news"].text == ""
    assert "not in the notebook" in told.by_exercise["only_news"].note


def test_a_huge_answer_is_not_taken(notebook):
    cell_of(notebook, "only_news")["source"] = "%%exercise only_news\n" + "x = 1\n" * 1000
    told = found(notebook, answer=5000).by_exercise["only_news"]
    assert told.text == ""
    assert "5,000 are allowed" in told.note


def test_a_cell_that_writes_a_file_is_no_answer_whatever_its_metadata_says(notebook):
    wanted = found(notebook).by_exercise["only_news"]
    told = cell_of(notebook, "only_news")["metadata"]
    sly = {"cell_type": "code", "id": "sly", "metadata": told, "source": "%%site a.py\nx = 1\n"}
    notebook["cells"].append(sly)
    assert found(notebook).by_exercise["only_news"] == wanted


@given(seed=st.integers(0, 2**32), share=st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_what_happens_to_other_cells_has_no_effect(seed, share):
    """Any of them deleted, edited, copied, put elsewhere, robbed of their metadata."""
    chance = random.Random(seed)
    notebook = json.loads((places.notebooks() / "00_three_problems.ipynb").read_text())
    cell_of(notebook, "only_news")["source"] = f"%%exercise only_news\n{MINE}"
    wanted = found(notebook)
    cells = []
    for cell in notebook["cells"]:
        if exercise(cell):
            cells.append({**cell, "metadata": {} if chance.random() < share else cell["metadata"]})
        elif chance.random() > share:
            changed = {**cell, "source": chance.choice([cell["source"], "1/0", "%%site x.py\n"])}
            cells += [changed] * chance.choice([1, 1, 2])
    chance.shuffle(cells)
    assert found({**notebook, "cells": cells, "metadata": {}}) == wanted
