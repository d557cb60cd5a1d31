"""What `build --nbgrader` writes, before any nbgrader sees it."""

import io
import json
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from tests.nbgrader.courses import verdict_cells, written
from workbook_site import exits, places, project
from workbook_site.live import session
from workbook_site.live.saying import Told
from workbook_site.management.commands import build
from workbook_site.nbgrader import cells, course, points
from workbook_site.nbgrader.passing import only_verdicts


def call(folder):
    out = io.StringIO()
    call_command(build.Command(), "--nbgrader", str(folder), stdout=out)
    return out.getvalue()


def test_a_second_time_changes_nothing_and_touches_nobodys_work(tmp_path):
    folder = tmp_path / "Kurs für alle"
    assert f"files written to {folder}, 0 as they were" in call(folder)
    before = written(folder)
    work = folder / "submitted" / "ada" / "tasks" / "09_tasks.ipynb"
    work.parent.mkdir(parents=True)
    work.write_text("{}")
    assert "0 files written" in call(folder)
    assert written(folder) == {**before, work.relative_to(folder).as_posix(): "{}"}


def test_it_says_what_to_type_next(tmp_path):
    assert "nbgrader generate_assignment three_problems --force" in call(tmp_path)


def test_each_exercise_has_an_answer_and_a_locked_verdict_with_its_points():
    for chapter in project.chapters():
        notebook = course.release(chapter)
        verdicts = verdict_cells(notebook)
        for name, cell in verdicts.items():
            known = cell["metadata"]
            assert known["nbgrader"]["points"] > 0
            assert known["nbgrader"]["locked"]
            assert (known["editable"], known["deletable"]) == (False, False)
            assert cells.asks("".join(cell["source"])) == f"{chapter.name}/{name}"
        ids = [cell["id"] for cell in notebook["cells"]]
        assert len(set(ids)) == len(ids)
        assert len(verdicts) >= 3


def test_without_solutions_it_says_which_is_missing(tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(places, "solutions", lambda: tmp_path / "empty")
    with pytest.raises(exits.Stop, match="There is no solutions/three_problems/one_article"):
        call(tmp_path / "course")
    assert not (tmp_path / "course").exists()


def test_a_folder_that_can_not_be_written_is_told(tmp_path):
    (tmp_path / "course").write_text("a file")
    with pytest.raises(exits.Stop, match="can't be written") as stop:
        call(tmp_path / "course")
    assert stop.value.code == exits.FOLDER


VERDICT = cells.verdict_source("tasks", "send_once")


@pytest.mark.parametrize("text", [VERDICT, f"# This cell was missing.\n\n{VERDICT}\n"])
def test_a_verdicts_cell_is_known_and_run_as_we_write_it(text):
    assert cells.asks(text) == "tasks/send_once"
    assert "".join(only_verdicts(text.splitlines(keepends=True))) == VERDICT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%%exercise send_once\nimport os",
        f"{VERDICT}\n99",
        f"import os\n{VERDICT}",
        VERDICT.replace('")', '" + str(1))'),
        VERDICT.replace("tasks/", "../tasks/"),
        VERDICT.replace("points(", "points (lambda: 1)("),
    ],
)
def test_no_other_cell_is_run(text):
    assert cells.asks(text) == ""
    assert only_verdicts(text.splitlines(keepends=True)) == ["pass\n"]


def test_the_kernel_is_described_as_jupyter_wants_it(tmp_path):
    call(tmp_path)
    told = json.loads((tmp_path / f"kernels/{course.KERNEL}/kernel.json").read_text())
    assert told["argv"][-2:] == ["-f", "{connection_file}"]
    assert f'"{course.KERNEL}"' in (tmp_path / "nbgrader_config.py").read_text()


def test_a_verdict_that_is_not_there_yet_is_asked_for(monkeypatch):
    monkeypatch.setattr(session, "current", lambda: SimpleNamespace(reports={}))
    with pytest.raises(Told, match="Run the cell of the exercise send_once first"):
        points("tasks/send_once")
