"""Whose file, for which chapter: every layout that instructors bring."""

import json
import os
import zipfile
from datetime import UTC, datetime

import pytest

from workbook_site import places
from workbook_site.intake import NothingThere, read

PLAIN = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})


def lay(folder, *names, text=PLAIN):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def told(paths):
    handed = read(paths)
    return sorted((each.student, each.chapter) for each in handed.submissions), handed


LAYOUTS = {
    "folders": ["alice/01_async_views.ipynb", "bob/00_three_problems.ipynb"],
    "nbgrader": [
        "submitted/alice/async_views/hw.ipynb",
        "submitted/bob/00/00_three_problems.ipynb",
    ],
    "by hand": ["alice_01_async_views.ipynb", "00_three_problems-bob.ipynb"],
    "wrapped": ["class 7/alice/01_async_views.ipynb", "class 7/bob/00_three_problems.ipynb"],
}


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_understood(layout, packed, tmp_path):
    folder = lay(tmp_path / "class", *LAYOUTS[layout])
    if packed:
        path = tmp_path / "class.zip"
        with zipfile.ZipFile(path, "w") as file:
            for each in LAYOUTS[layout]:
                file.write(folder / each, each)
        folder = path
    found, handed = told([folder])
    assert found == [("alice", "async_views"), ("bob", "three_problems")]
    assert not handed.unplaced


def test_moodle_and_canvas(tmp_path):
    lay(
        tmp_path,
        "Ann Lee_123_assignsubmission_file_/01_async_views.ipynb",
        "leebob_LATE_77_888_01_async_views-2.ipynb",
        "leecyd_78_889_01_async_views.ipynb",
    )
    found, handed = told([tmp_path])
    assert [student for student, _ in found] == ["Ann Lee 123", "leebob 77", "leecyd 78"]
    late = {each.student: each.marked_late for each in handed.submissions}
    assert late == {"Ann Lee 123": False, "leebob 77": True, "leecyd 78": False}
    assert all(each.received is None for each in handed.submissions)
    assert "Moodle" in handed.understood
    assert "Canvas" in handed.understood


def test_a_later_attempt_comes_later(tmp_path):
    lay(tmp_path, "lee_7_9_01_async_views-10.ipynb", "lee_7_8_01_async_views-2.ipynb",
        "lee_7_1_01_async_views.ipynb")  # fmt: skip
    sources = [each.source.rpartition("_views")[2] for each in read([tmp_path]).submissions]
    assert sources == [".ipynb", "-2.ipynb", "-10.ipynb"]


def test_one_notebook_is_its_folders_owners(tmp_path):
    lay(tmp_path, "alice/01_async_views.ipynb")
    assert told([tmp_path / "alice/01_async_views.ipynb"])[0] == [("alice", "async_views")]
    assert told([tmp_path / "alice"])[0] == [("alice", "async_views")]


def test_a_file_with_another_name_is_known_by_what_is_in_it(tmp_path):
    text = (places.notebooks() / "01_async_views.ipynb").read_text()
    lay(tmp_path, "alice/Untitled3.ipynb", text=text)
    assert told([tmp_path])[0] == [("alice", "async_views")]


def test_what_can_not_be_placed_is_on_the_list(tmp_path):
    lay(tmp_path, "alice/Untitled.ipynb", "alice/essay.pdf", "bob/01_async_views.ipynb")
    found, handed = told([tmp_path])
    assert found == [("bob", "async_views")]
    assert [each.source.rpartition("/")[2] for each in handed.unplaced] == [
        "Untitled.ipynb", "essay.pdf"]  # fmt: skip
    assert "2 files could not be placed" in handed.understood


def test_what_a_workspace_holds_beside_notebooks_is_nobodys(tmp_path):
    lay(tmp_path, "alice/01_async_views.ipynb", "alice/newsroom/manage.py", "alice/.workbook/x",
        "alice/.ipynb_checkpoints/01_async_views-checkpoint.ipynb", "__MACOSX/a/b")  # fmt: skip
    found, handed = told([tmp_path])
    assert found == [("alice", "async_views")]
    assert not handed.unplaced


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        (
            "2026-11-02 15:58:23.9 America/Los_Angeles",
            datetime(2026, 11, 2, 23, 58, 23, 900_000, UTC),
        ),
        ("2026-11-02 15:58:23 UTC", datetime(2026, 11, 2, 15, 58, 23, tzinfo=UTC)),
        ("2026-11-02 15:58:23 +0100", datetime(2026, 11, 2, 14, 58, 23, tzinfo=UTC)),
    ],
)
def test_nbgraders_stamp_is_the_time(stamp, expected, tmp_path):
    lay(tmp_path, "submitted/alice/async_views/x.ipynb")
    lay(tmp_path, "submitted/alice/async_views/timestamp.txt", text=stamp)
    assert read([tmp_path]).submissions[0].received == expected


def test_otherwise_the_files_time_is(tmp_path):
    path = lay(tmp_path, "alice/01_async_views.ipynb") / "alice/01_async_views.ipynb"
    os.utime(path, (1_000_000_000, 1_000_000_000))
    assert read([tmp_path]).submissions[0].received == datetime.fromtimestamp(1_000_000_000, UTC)


def test_a_path_that_is_not_there_stops_it_all(tmp_path):
    with pytest.raises(NothingThere, match="no file or folder"):
        read([tmp_path / "nowhere"])


def test_nothing_is_read_before_it_is_opened(tmp_path):
    lay(tmp_path, "alice/01_async_views.ipynb", text="not json")
    handed = read([tmp_path])
    (tmp_path / "alice/01_async_views.ipynb").write_text(PLAIN)
    assert handed.submissions[0].open().trouble is None
