"""`reset`: one chapter, or one exercise, as printed, and nothing of the learner's lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workspace.conftest import NOW, code, exercise
from workbook_site import exits
from workbook_site.workspace import delivery
from workbook_site.workspace.resetting import reset

ROOT = Path(__file__).parents[2]
ONE = "01_views.ipynb"
DONE = {"outcome": "passed", "points": 1.0}
PROGRESS = {"views/gather": DONE, "views/limits": DONE, "start/hello": DONE}


@pytest.fixture
def worked(course):
    """The learner has answered, written a cell of their own, and made progress."""
    delivery.deliver(course.workspace)
    course.progress(PROGRESS)

    def work(notebook):
        notebook.cells[0].source = "my own"
        notebook.cells[1].source = "%%exercise gather\nmy answer"

    course.edit(ONE, work)
    return course


@pytest.mark.parametrize("name", ["01", "1", "views", "01_views", "01_views.ipynb"])
def test_a_chapter_reads_as_printed_and_the_old_is_in_the_backup(worked, name):
    mine = worked.have(ONE)
    done = reset(name, worked.workspace, NOW)
    assert worked.have(ONE) == worked.printed(ONE)
    assert worked.progress() == {"start/hello": DONE}
    assert done.backup == worked.workspace / ".workbook" / "backups" / "20261123-093000-views"
    assert (done.backup / ONE).read_bytes() == mine
    assert (done.backup / "progress.json").exists()


@pytest.mark.parametrize("name", ["gather", "views/gather", "01_views/gather"])
def test_an_exercise_reads_as_printed_and_all_else_stays(worked, name):
    mine = worked.have(ONE)
    done = reset(name, worked.workspace, NOW)
    assert worked.sources(ONE) == [
        "my own",
        "%%exercise gather\n# Your code here",
        "%%exercise limits\n# Your code here",
    ]
    assert worked.progress() == {"views/limits": DONE, "start/hello": DONE}
    assert (done.backup / ONE).read_bytes() == mine


def test_an_exercise_whose_cell_was_retyped_elsewhere_is_found(worked):
    def retype(notebook):
        notebook.cells = [*notebook.cells[2:], code("mine", "%%exercise gather\nagain")]

    worked.edit(ONE, retype)
    reset("gather", worked.workspace)
    assert worked.sources(ONE)[-1] == "%%exercise gather\n# Your code here"


def test_an_exercise_whose_cell_was_deleted_comes_back_to_its_place(worked):
    worked.edit(ONE, lambda notebook: notebook.cells.pop(1))
    reset("gather", worked.workspace)
    assert [text.split("\n")[0] for text in worked.sources(ONE)] == [
        "my own",
        "%%exercise gather",
        "%%exercise limits",
    ]


def test_an_exercise_comes_back_to_a_notebook_that_is_all_new(worked):
    def replace(notebook):
        notebook.cells = [code("mine", "all mine")]

    worked.edit(ONE, replace)
    reset("limits", worked.workspace)
    assert worked.sources(ONE) == ["all mine", "%%exercise limits\n# Your code here"]


def test_a_chapter_that_was_deleted_comes_back(worked):
    (worked.workspace / ONE).unlink()
    reset("gather", worked.workspace)
    assert worked.have(ONE) == worked.printed(ONE)


def test_two_resets_at_one_moment_keep_both_backups(worked):
    first = reset("views", worked.workspace, NOW).backup
    second = reset("views", worked.workspace, NOW).backup
    assert second.name == "20261123-093000-views-2"
    assert first.exists()


def test_a_chapter_that_was_reset_follows_new_versions_again(worked):
    worked.print(ONE, code("one", "better"))
    reset("views", worked.workspace)
    assert str(delivery.deliver(worked.workspace)) == ""
    worked.print(ONE, code("one", "best"))
    assert delivery.deliver(worked.workspace).upgraded == [ONE]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("viewz", "Did you mean views"),
        ("gathr", "Did you mean gather"),
        ("views/limit", "Did you mean limits"),
        ("zzzz", "The chapters are start, views"),
        ("07", "The chapters are start, views"),
    ],
)
def test_an_unknown_name_is_answered_with_the_near_ones(worked, name, hint):
    with pytest.raises(exits.Stop, match=hint) as stop:
        reset(name, worked.workspace)
    assert stop.value.code == exits.USAGE
    assert not (worked.workspace / ".workbook" / "backups").exists()


def test_a_name_that_two_chapters_have_is_asked_back(worked):
    worked.print("02_more.ipynb", exercise("gather"))
    with pytest.raises(exits.Stop, match="views/gather or more/gather"):
        reset("gather", worked.workspace)


def test_without_a_workspace_nothing_is_made(course):
    with pytest.raises(exits.Stop, match="no workspace"):
        reset("views", course.workspace)
    assert not course.workspace.exists()


def test_a_notebook_that_cannot_be_read_asks_for_the_whole_chapter(worked):
    (worked.workspace / ONE).write_text("{")
    with pytest.raises(exits.Stop, match="reset views"):
        reset("gather", worked.workspace)
    done = reset("views", worked.workspace)
    assert (done.backup / ONE).read_text() == "{"


def test_a_workspace_that_cannot_be_written_to_is_told_and_stays(worked):
    mine = worked.have(ONE)
    (worked.workspace / ".workbook" / "backups").write_text("a file in the folder's place")
    with pytest.raises(exits.Stop, match="Nothing was reset") as stop:
        reset("views", worked.workspace)
    assert stop.value.code == exits.FOLDER
    assert worked.have(ONE) == mine


def test_the_command_says_where_the_backup_is(worked):
    line = [sys.executable, "-m", "workbook_site", "reset"]
    done = subprocess.run(
        [*line, "gather", "--workspace", worked.workspace],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    (backup,) = (worked.workspace / ".workbook" / "backups").iterdir()
    assert done.returncode == 0, done.stderr
    assert str(backup) in done.stdout
    inside = subprocess.run(
        [*line, "gathr"],
        cwd=ROOT,
        env=os.environ | {"WORKBOOK_WORKSPACE": str(worked.workspace)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (inside.returncode, inside.stdout) == (exits.USAGE, "")
    assert "Did you mean gather" in inside.stderr
