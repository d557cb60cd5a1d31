"""Edits elsewhere, seen by a look at the disk."""

import os

from workbook_site.live import files


def test_new_gone_and_different_files_are_seen(tmp_path):
    for name in ("same.py", "gone.py", "edited.html"):
        (tmp_path / name).write_text("one")
    before = files.picture(tmp_path)
    (tmp_path / "gone.py").unlink()
    (tmp_path / "edited.html").write_text("three")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "new.py").write_text("")
    now = files.picture(tmp_path)
    assert files.changed(before, now, tmp_path) == ["app/new.py", "edited.html", "gone.py"]
    assert files.changed(now, now, tmp_path) == []


def test_an_edit_of_the_same_size_is_seen_by_its_time(tmp_path):
    file = tmp_path / "a.py"
    file.write_text("one")
    before = files.picture(tmp_path)
    file.write_text("two")
    os.utime(file, ns=(1, before[str(file)][0] + 1))
    assert files.changed(before, files.picture(tmp_path), tmp_path) == ["a.py"]


def test_what_a_running_project_writes_is_not_looked_at(tmp_path):
    for name in ("db.sqlite3", "__pycache__/a.py", ".git/x.py", "media/page.html", ".a.py.swp"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert files.picture(tmp_path) == {}


def test_a_folder_that_is_not_there(tmp_path):
    assert files.picture(tmp_path / "none") == {}
