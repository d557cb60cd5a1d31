"""Notebooks come, go to newer versions, and never take a learner's work with them."""

import nbformat
import pytest

from tests.workspace.conftest import code
from workbook_site import exits, places
from workbook_site.workspace import delivery

ONE = "01_views.ipynb"


def run_first_cell(notebook):
    notebook.cells[0].outputs = [nbformat.v4.new_output("stream", text="worth keeping")]
    notebook.metadata["language_info"] = {"name": "python"}


def change_first_cell(notebook):
    notebook.cells[0].source = "my own"


def test_the_first_call_brings_all_and_the_next_says_nothing(course):
    done = delivery.deliver(course.workspace)
    assert done.new == ["00_start.ipynb", ONE]
    assert course.have(ONE) == course.printed(ONE)
    assert str(delivery.deliver(course.workspace)) == ""


def test_an_untouched_notebook_goes_to_the_new_version(course):
    delivery.deliver(course.workspace)
    course.print(ONE, code("one", "better"))
    done = delivery.deliver(course.workspace)
    assert (done.upgraded, done.new, done.beside, done.backups) == ([ONE], [], {}, {})
    assert "updated   01_views.ipynb, which you had not changed" in str(done)
    assert course.have(ONE) == course.printed(ONE)
    assert str(delivery.deliver(course.workspace)) == ""


def test_one_that_was_only_run_goes_too_and_its_outputs_are_kept(course):
    delivery.deliver(course.workspace)
    before = course.edit(ONE, run_first_cell)
    assert str(delivery.deliver(course.workspace)) == "", "nothing new was printed"
    assert course.have(ONE) == before
    course.print(ONE, code("one", "better"))
    done = delivery.deliver(course.workspace)
    assert done.upgraded == [ONE]
    assert course.have(ONE) == course.printed(ONE)
    assert (done.backups[ONE] / ONE).read_bytes() == before
    assert str(done.backups[ONE]) in str(done)


def test_a_changed_notebook_is_kept_and_the_new_one_is_laid_beside_once(course):
    delivery.deliver(course.workspace)
    mine = course.edit(ONE, change_first_cell)
    assert str(delivery.deliver(course.workspace)) == ""
    course.print(ONE, code("one", "better"))
    done = delivery.deliver(course.workspace)
    assert done.beside == {ONE: "01_views.new.ipynb"}
    assert "kept      01_views.ipynb, which you changed" in str(done)
    assert course.have(ONE) == mine
    assert course.have("01_views.new.ipynb") == course.printed(ONE)
    assert str(delivery.deliver(course.workspace)) == ""


def test_what_was_written_into_the_one_beside_is_kept_as_well(course):
    delivery.deliver(course.workspace)
    course.edit(ONE, change_first_cell)
    course.print(ONE, code("one", "better"))
    delivery.deliver(course.workspace)
    mine = course.edit("01_views.new.ipynb", change_first_cell)
    course.print(ONE, code("one", "best"))
    done = delivery.deliver(course.workspace)
    assert done.beside == {ONE: "01_views.new-2.ipynb"}
    assert course.have("01_views.new.ipynb") == mine
    assert course.have("01_views.new-2.ipynb") == course.printed(ONE)


def test_who_takes_the_new_version_over_is_followed_again(course):
    delivery.deliver(course.workspace)
    course.edit(ONE, change_first_cell)
    course.print(ONE, code("one", "better"))
    delivery.deliver(course.workspace)
    (course.workspace / "01_views.new.ipynb").replace(course.workspace / ONE)
    course.print(ONE, code("one", "best"))
    assert delivery.deliver(course.workspace).upgraded == [ONE]


def test_a_deleted_notebook_comes_back(course):
    delivery.deliver(course.workspace)
    (course.workspace / ONE).unlink()
    assert delivery.deliver(course.workspace).new == [ONE]


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"cells": [1]}', '{"cells": [{}]}'])
def test_a_notebook_that_cannot_be_read_is_the_learners_and_stays(course, broken):
    delivery.deliver(course.workspace)
    (course.workspace / ONE).write_text(broken)
    course.print(ONE, code("one", "better"))
    assert ONE in delivery.deliver(course.workspace).beside
    assert (course.workspace / ONE).read_text() == broken


def test_a_lost_manifest_costs_nothing(course):
    delivery.deliver(course.workspace)
    mine = course.edit(ONE, change_first_cell)
    (course.workspace / ".workbook" / delivery.MANIFEST).write_text("gone")
    done = delivery.deliver(course.workspace)
    assert (done.beside, done.upgraded) == ({ONE: "01_views.new.ipynb"}, [])
    assert course.have(ONE) == mine


def test_other_files_of_the_learner_are_left_alone(course):
    course.workspace.mkdir()
    (course.workspace / "notes.txt").write_text("mine")
    delivery.deliver(course.workspace)
    assert (course.workspace / "notes.txt").read_text() == "mine"


def test_a_workspace_that_cannot_be_is_told(course, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("a file stands where the folder should be")
    for folder in (taken, taken / "deeper"):
        with pytest.raises(exits.Stop, match="can't be written to") as stop:
            delivery.deliver(folder)
        assert stop.value.code == exits.FOLDER
        assert "--workspace" in str(stop.value)


def test_the_workbooks_own_folders_are_no_workspace(course):
    before = course.printed(ONE)
    for folder in (course.folder, course.folder / "mine", places.CHECKOUT):
        with pytest.raises(exits.Stop, match="belongs to the workbook") as stop:
            delivery.deliver(folder)
        assert stop.value.code == exits.USAGE
    assert course.printed(ONE) == before
    assert not (course.folder / ".workbook").exists()


def test_without_a_chapter_it_says_how_to_get_them(course):
    for path in course.folder.iterdir():
        path.unlink()
    with pytest.raises(exits.Stop, match="git checkout notebooks"):
        delivery.deliver(course.workspace)
