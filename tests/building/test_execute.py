"""Chapters executed for real, in kernels of their own."""

import asyncio
import json
from pathlib import Path

import psutil
import pytest

from workbook_site.building import kernel
from workbook_site.building.execute import execute
from workbook_site.building.printing import Printed, build, written
from workbook_site.project import chapters
from workbook_site.project.chapters import UnreadableChapter


def chapter(book, *cells, name="00_sums"):
    """A printed chapter of these code cells, called a, b, c ..., each a text or (text, tag)."""
    made = [Printed("top", "markdown", "# Sums")]
    for letter, cell in zip("abcdefgh", cells, strict=False):
        text, *tags = [cell] if isinstance(cell, str) else cell
        made.append(Printed(letter, "code", text, {"tags": tags}))
    return book.write(f"notebooks/{name}.ipynb", written(made, title="Sums"))


def executed(**options):
    return asyncio.run(execute(chapters(), **options))


def alive(pid):
    # Where nobody collects orphans, one that has ended stays as a zombie.
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_chapter_runs_in_a_fresh_workspace_and_leaves_nothing(empty, tmp_path, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "workbook_site.settings")
    told = tmp_path / "told.json"
    chapter(
        empty,
        "import json, os, pathlib, workbook_site",
        "here = pathlib.Path.cwd()",
        "assert os.environ['WORKBOOK_WORKSPACE'] == str(here) and not list(here.iterdir())",
        "assert 'DJANGO_SETTINGS_MODULE' not in os.environ",
        f"pathlib.Path({str(told)!r}).write_text(json.dumps([str(here), os.getpid()]))",
    )
    steps = []
    (run,) = executed(watch=steps.append)
    assert run.failures == []
    assert [cell.id for cell in run.cells] == list("abcde")
    assert [(step.cell, step.number, step.of) for step in steps[:2]] == [("a", 1, 5), ("b", 2, 5)]
    folder, pid = json.loads(told.read_text())
    assert not Path(folder).parent.exists()
    assert not alive(pid)


def test_an_error_ends_the_chapter_and_is_told_with_its_cell(empty):
    chapter(empty, "x = 1", "x / 0", "x = 2")
    (run,) = executed()
    (failure,) = run.failures
    assert (failure.cell, failure.number, failure.source) == ("b", 3, "x / 0")
    assert failure.message == "ZeroDivisionError: division by zero"
    assert "x / 0" in failure.detail
    assert [cell.id for cell in run.cells] == ["a", "b"]


def test_what_is_expected_goes_on_and_what_is_missing_is_told(empty):
    chapter(empty, ("1 / 0", "raises-exception"), ("x = 1", "raises-exception"), "x + 1")
    (run,) = executed()
    assert [failure.cell for failure in run.failures] == ["b"]
    assert len(run.cells) == 3
    assert run.notebook.cells[3].outputs[0].data["text/plain"] == "2"


def test_a_cell_that_never_ends_is_ended(empty):
    chapter(empty, "while True: pass", "x = 2")
    (run,) = executed(timeout=1)
    (failure,) = run.failures
    assert failure.cell == "a"
    assert "within 1 s" in failure.message


def test_a_kernel_that_dies_is_told(empty):
    chapter(empty, "import os", "os.write(2, b'no memory left'); os._exit(3)", "x = 2")
    (run,) = executed()
    (failure,) = run.failures
    assert failure.cell == "b"
    assert "kernel died" in failure.message
    assert "no memory left" in failure.detail


def test_a_process_left_behind_is_told_and_ended(empty, tmp_path, monkeypatch):
    monkeypatch.setattr(kernel, "GRACE", 0.5)
    told = tmp_path / "pid"
    chapter(
        empty,
        "import pathlib, subprocess",
        "left = subprocess.Popen(['sleep', '600'], start_new_session=True)",
        f"pathlib.Path({str(told)!r}).write_text(str(left.pid))",
    )
    (run,) = executed()
    (failure,) = run.failures
    assert "left processes behind" in failure.message
    assert "sleep 600" in failure.message
    assert not alive(int(told.read_text()))


def test_two_chapters_run_at_the_same_time(empty, tmp_path):
    # Each waits for what the other says: one after the other, they would wait for ever.
    for name, says, hears in (("00_a", "a", "b"), ("01_b", "b", "a")):
        chapter(
            empty,
            f"import pathlib, time; folder = pathlib.Path({str(tmp_path)!r})",
            f"(folder / {says!r}).touch()",
            f"while not (folder / {hears!r}).exists(): time.sleep(0.01)",
            name=name,
        )
    runs = executed(jobs=2, timeout=60)
    assert [run.chapter.stem for run in runs] == ["00_a", "01_b"]
    assert all(run.passed for run in runs)


def test_cancelling_ends_the_kernels_and_clears_up(empty, tmp_path):
    told = tmp_path / "told.json"
    chapter(
        empty,
        "import json, os, pathlib, time",
        f"pathlib.Path({str(told)!r}).write_text(json.dumps([os.getcwd(), os.getpid()]))",
        "time.sleep(600)",
    )

    async def cancelled_in_the_last_cell():
        reached = asyncio.Event()
        watch = lambda step: step.cell == "c" and reached.set()  # noqa: E731
        task = asyncio.create_task(execute(chapters(), watch=watch))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled_in_the_last_cell())
    folder, pid = json.loads(told.read_text())
    assert not alive(pid)
    assert not Path(folder).exists()


def test_exercises_are_solved_and_judged_on_the_live_site(book):
    boot = "from workbook_site import boot\nsite = await boot('sums')"
    book.change("notebooks/source/00_sums.md", "1 + 1", boot)
    book.change("solutions/sums/double.py", "number * 2", "number * 3")
    assert not build().wrong
    (run,) = executed()
    (failure,) = run.failures
    assert failure.cell == "exercise-double"
    assert "judged 'not yet'" in failure.message
    assert "gives the right number" in failure.detail
    assert [cell.id for cell in run.cells][-1] == "exercise-negate"


def test_a_notebook_that_is_none_is_told_by_name(empty):
    empty.write("notebooks/00_sums.ipynb", "{")
    with pytest.raises(UnreadableChapter, match=r"00_sums\.ipynb"):
        executed()
