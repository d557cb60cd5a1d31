"""What there is to do, what is done, what is next."""

import json

import pytest

from workbook_site.classroom import course

EXERCISE = '"""{title}\n\nDo it."""\nFILE = "a.py"\nPOINTS = {points}\nHINTS = ["a", "b"]\n'


def cell(kind, name, text, **metadata):
    return {"cell_type": kind, "id": name, "source": text, "metadata": metadata}


@pytest.fixture
def content(tmp_path, monkeypatch):
    """Chapters `first` (exercises b, a) and `second` (exercise c), and a workspace with both."""
    for number, chapter, names in [(0, "first", "ba"), (4, "second", "c")]:
        cells = [cell("markdown", "top", f"# The {chapter}")]
        for name in names:
            cells.append(cell("markdown", f"ex-{name}-prompt", f"### Exercise: {name}"))
            about = {"exercise": name}
            cells.append(cell("code", f"ex-{name}", f"%%exercise {name}", workbook=about))
            path = tmp_path / "content/exercises" / chapter / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(EXERCISE.format(title=f"Title of {name}", points=2))
        for folder in ("content/notebooks", "work"):
            path = tmp_path / folder / f"{number:02}_{chapter}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"cells": cells, "metadata": {}}))
    monkeypatch.setenv("WORKBOOK_CONTENT", str(tmp_path / "content"))
    monkeypatch.setenv("WORKBOOK_WORKSPACE", str(tmp_path / "work"))
    (tmp_path / "work/.workbook").mkdir()
    return tmp_path


def keep(content, **entries):
    kept = {key.replace("__", "/"): entry for key, entry in entries.items()}
    (content / "work/.workbook/progress.json").write_text(json.dumps(kept))


def passed(day):
    return {"outcome": "passed", "points": 2, "tries": 1, "solved_at": f"2026-11-{day}T10:00:00"}


def test_exercises_stand_in_the_order_of_reading(content):
    read = course.read("work")
    assert [(part.number, part.title, part.path) for part in read.parts] == [
        (0, "The first", "work/00_first.ipynb"),
        (4, "The second", "work/04_second.ipynb"),
    ]
    first = read.parts[0].tasks
    assert [task.asked.title for task in first] == ["Title of b", "Title of a"]
    assert [task.asked.cell for task in first] == ["ex-b-prompt", "ex-a-prompt"]
    assert (read.solved, read.exercises, read.points, read.possible) == (0, 3, 0, 6)
    assert not read.begun
    assert read.next[1].asked.name == "b"


def test_next_is_what_is_open_where_the_learner_works(content):
    keep(content, second__c=passed(10), first__a=passed(11))
    read = course.read("")
    assert (read.solved, read.points, read.begun) == (2, 4, True)
    assert read.next[1].asked.name == "b"
    keep(content, first__b=passed(10))
    assert course.read("").next[1].asked.name == "a"
    keep(content, first__b=passed(10), first__a=passed(11))
    assert course.read("").next[1].asked.name == "c"
    keep(content, first__b=passed(10), first__a=passed(11), second__c=passed(12))
    assert course.read("").next is None


@pytest.mark.parametrize(
    "entry", ["x", {"outcome": "great", "points": "many", "tries": None}, {"points": True}, 7]
)
def test_progress_that_somebody_edited_breaks_nothing(content, entry):
    keep(content, first__b=entry)
    task = course.read("").parts[0].tasks[0]
    assert task.outcome == "not tried"
    assert task.points in (0, 1)


def test_a_notebook_that_is_gone_has_no_path(content):
    (content / "work/04_second.ipynb").unlink()
    assert [part.path for part in course.read("").parts] == ["00_first.ipynb", ""]


def test_an_exercise_that_cannot_be_loaded_still_has_its_name(content):
    (content / "content/exercises/second/c.py").write_text("1 /")
    assert course.read("").parts[1].tasks[0].asked.title == "c"
