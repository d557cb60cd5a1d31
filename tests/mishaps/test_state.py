"""Mishaps with what the workbook itself keeps: progress, caches, locks, the notebooks' files."""

import json
import shutil

import pytest

from tests.live.kernels import BOOT
from tests.live.test_live_exercise import RIGHT, report
from workbook_site.workspace import delivery

# What the judge has looked through it trusts until its kernel ends; this is as good as a new one.
NEXT_JUDGE = """\
from workbook_site.live import session
judge = session.current().judging._judge.result()
judge._templates._sound.clear()
"""


@pytest.fixture
def state(shared):
    return shared.workspace / ".workbook"


# What became of the file, and whether the older of two entries is still in it.
DAMAGED = {
    "cut in the middle": (lambda text: text[: text.index('"first/double"') + 40], True),
    "with entries that are none": (lambda text: text.replace("{", '{"first/more": 3,', 1), True),
    "with tries that are text": (
        lambda text: text.replace("{", '{"first/more": {"tries": "x"},', 1),
        True,
    ),
    "empty": (lambda text: "", False),
    "a list": (lambda text: "[]", False),
}


@pytest.mark.parametrize(("damage", "there"), DAMAGED.values(), ids=DAMAGED)
def test_a_file_of_progress_that_was_half_written(learner, state, damage, there):
    learner.goes_on()
    before = damage((state / "progress.json").read_text())
    (state / "progress.json").write_text(before)
    shown = learner.is_told(RIGHT, "which holds your progress, was damaged", "is kept in")
    assert report(shown)["outcome"] == "passed"
    [kept] = (state / "backups").glob("*/progress.json")
    assert kept.read_text() == before
    assert learner.progress()["first/double"]["outcome"] == "passed"
    assert ("first/another" in learner.progress()) == there
    shutil.rmtree(state / "backups")
    learner.has_solved("first/another")


@pytest.mark.parametrize("damage", [b"", b"{", b"SQLite format 3\0" + bytes(50)])
@pytest.mark.parametrize("what", ["*.sqlite3", "*.json"])
def test_a_cache_that_was_half_written(learner, state, what, damage):
    for path in (state / "cache").glob(f"*/{what}"):
        path.write_bytes(damage)
    learner.runs(NEXT_JUDGE)
    assert report(learner.runs(RIGHT))["outcome"] == "passed"
    [kept] = (state / "cache").iterdir()  # made anew, in its place
    assert [path.name for path in kept.glob(what)]
    assert all(path.read_bytes() != damage for path in kept.glob(what))


@pytest.mark.parametrize("what", [".workbook", ".workbook/cache", ".workbook/files.lock"])
def test_what_the_workbook_keeps_is_deleted(learner, what):
    progress = learner.progress()
    target = learner.workspace / what
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    assert report(learner.runs(RIGHT))["outcome"] == "passed"
    assert not learner.runs(BOOT).ename
    (learner.workspace / ".workbook/progress.json").write_text(json.dumps(progress))


def test_a_file_in_the_place_of_the_workbooks_folder(learner, state):
    aside = state.rename(state.with_name("aside"))
    state.write_text("?")
    for cell in (BOOT, RIGHT):
        learner.is_told_only(cell, ".workbook is in the way", "needs a folder of this name")
    state.unlink()
    aside.rename(state)


def test_a_renamed_notebook_and_a_copied_one(learner, content, monkeypatch):
    """The chapter comes anew; what the learner made of it stays, and runs where it lies."""
    monkeypatch.setenv("WORKBOOK_CONTENT", str(content))
    delivery.deliver(learner.workspace)
    printed = (learner.workspace / "00_first.ipynb").read_text()
    mine = printed.replace("raise NotImplementedError", "return 2 * n")
    (learner.workspace / "00_first.ipynb").unlink()
    (learner.workspace / "Erste Übung.ipynb").write_text(mine)
    assert delivery.deliver(learner.workspace).new == ["00_first.ipynb"]
    assert (learner.workspace / "Erste Übung.ipynb").read_text() == mine
    elsewhere = learner.workspace.with_name("desktop")
    elsewhere.mkdir()
    shutil.copy(learner.workspace / "Erste Übung.ipynb", elsewhere)
    learner.runs(f"%cd {elsewhere}")
    assert not learner.runs(BOOT).ename
    assert report(learner.runs(RIGHT))["outcome"] == "passed"
    assert [path.name for path in elsewhere.iterdir()] == ["Erste Übung.ipynb"]
