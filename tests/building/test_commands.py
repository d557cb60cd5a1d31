"""`build` and `run`, as a person at the terminal meets them."""

import os
import signal
import subprocess
import sys

import pytest

from tests.building.asked import called
from workbook_site import exits, places
from workbook_site.building.printing import Printed, written
from workbook_site.management.commands import build, run


def chapter(book, name, *codes):
    cells = [Printed(f"cell-{number}", "code", code) for number, code in enumerate(codes)]
    book.write(f"notebooks/{name}.ipynb", written(cells, title=name))


def test_build_prints_and_says_what_changed(book):
    assert called(build) == ("printed 00_sums.ipynb\n1 printed, 0 as they were.\n", None)
    assert called(build) == ("0 printed, 1 as they were.\n", None)


def test_build_says_what_can_not_be_printed(book):
    book.write("exercises/sums/add.py", "1 /")
    _, error = called(build)
    assert error.code == exits.WRONG
    assert "sums/add.py can't be loaded" in str(error)


def test_build_check_is_content_with_a_book_in_order(printed):
    assert called(build, "--check") == ("All is in order: chapters 1, exercises 3.\n", None)


def test_build_check_prints_nothing_and_tells_each_finding_with_its_remedy(printed):
    printed.change("notebooks/source/00_sums.md", "Look at this.", "Look.")
    printed.change("solutions/sums/double.py", "number * 2", "number * 3")
    before = printed.read("notebooks/00_sums.ipynb")
    out, error = called(build, "--check")
    assert error.code == exits.WRONG
    assert "notebooks/00_sums.ipynb: print it: python3 -m workbook_site build (cell adding" in out
    assert "solutions/sums/double.py: mend it or the checks: it is judged 'not yet'" in out
    assert printed.read("notebooks/00_sums.ipynb") == before


def test_run_tells_each_cell_and_sums_up(empty):
    chapter(empty, "00_sums", "1 + 1", "2 + 2")
    out, error = called(run)
    assert error is None
    assert "00_sums    1/2  cell-0\n00_sums    2/2  cell-1\n00_sums  passed" in out
    assert "slowest cell" in out


def test_run_shows_the_failing_cell_its_source_and_its_error(empty):
    chapter(empty, "00_sums", "one = 1\nnone = 0\none / none")
    chapter(empty, "01_good", "1 + 1")
    out, error = called(run, "--jobs", "2")
    assert error.code == exits.WRONG
    assert "1 of 2 chapters failed" in str(error)
    assert "00_sums, cell 1: cell-0" in out
    assert "ZeroDivisionError: division by zero" in out
    assert "3 one / none" in out


def test_run_takes_chapters_by_name_and_number_once(empty):
    for name in ("00_sums", "01_more", "02_most"):
        chapter(empty, name, "1")
    out, _ = called(run, "most", "2", "00")
    assert "00_sums  passed" in out
    assert out.count("02_most  passed") == 1
    assert "01_more" not in out


def test_run_names_the_near_ones_of_an_unknown_chapter(empty):
    chapter(empty, "00_sums", "1")
    _, error = called(run, "sum")
    assert "'sum'" in str(error)
    assert "Did you mean sums?" in str(error)


def test_run_without_chapters_says_how_to_print_them(empty):
    _, error = called(run)
    assert "workbook_site build" in str(error)


def test_run_says_which_notebook_is_none(empty):
    empty.write("notebooks/00_sums.ipynb", "{")
    _, error = called(run)
    assert "00_sums.ipynb" in str(error)


@pytest.mark.parametrize("words", [("--jobs", "0"), ("--timeout", "soon")])
def test_run_refuses_what_is_no_number(empty, words):
    _, error = called(run, *words)
    assert "whole number above zero" in str(error)


def test_run_says_before_the_work_that_the_pages_can_not_be_written(empty):
    chapter(empty, "00_sums", "1")
    file = empty.write("out", "a file, no folder")
    out, error = called(run, "--html", str(file))
    assert error.code == exits.FOLDER
    assert str(file) in str(error)
    assert out == ""


def test_build_says_that_the_notebooks_can_not_be_written(book):
    (book.root / "notebooks/00_sums.ipynb").mkdir()
    _, error = called(build)
    assert error.code == exits.FOLDER
    assert "00_sums.ipynb" in str(error)


def test_run_writes_executed_notebooks_and_pages(empty, tmp_path):
    chapter(empty, "00_sums", "print('so many:', 6 * 7)")
    out, _ = called(run, "--html", str(tmp_path / "out"))
    html = (tmp_path / "out" / "00_sums.html").read_text(encoding="utf-8")
    assert "so many: 42" in html
    assert "so many: 42" in (tmp_path / "out" / "00_sums.ipynb").read_text(encoding="utf-8")
    assert str(tmp_path / "out" / "00_sums.html") in out


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_says_so_and_leaves_nothing(empty, tmp_path, sign):
    temp = tmp_path / "t"
    temp.mkdir()
    chapter(empty, "00_sums", "print('running')", "import time; time.sleep(600)")
    process = subprocess.Popen(
        [sys.executable, "-m", "workbook_site", "run"],
        cwd=places.CHECKOUT,
        env={**os.environ, "TMPDIR": str(temp), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        for line in process.stdout:
            if "cell-1" in line:
                break
        process.send_signal(sign)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == exits.INTERRUPTED
    assert "nothing is left behind" in errors
    assert "Traceback" not in errors
    assert list(temp.iterdir()) == []
