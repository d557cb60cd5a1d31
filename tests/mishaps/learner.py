"""A learner at a real kernel, and what must hold after each of their mishaps."""

import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.live.conftest import PAGES, ROUTES
from tests.live.kernels import BOOT, PATIENCE, Kernel
from tests.live.test_live_exercise import RIGHT, report

# Nobody may take these for theirs: a note, a module, and a notebook beside those of the course.
KEEPSAKES = {
    "notes.txt": "Ask Ada about gather.\n",
    "newsroom/pages/mine.py": "# my own\nANSWER = 42\n",
    "my own.ipynb": '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
}
SOLVED = {"outcome": "passed", "points": 1.0, "possible": 1.0, "tries": 1}

ENDLESS = "%%exercise double\ndef double(n):\n    while True: pass\n"

# Whoever is root may write everywhere. Without capabilities root is held by permissions like
# anybody, and the kernel runs in the same Python, wherever that lies.
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
LIKE_ANYBODY = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if ROOT else ()

LINUX = sys.platform == "linux"


class Learner:
    """Runs cells, and is never shown a line of the workbook's own code."""

    def __init__(self, kernel):
        self.kernel, self.workspace, self.newsroom = kernel, kernel.workspace, kernel.newsroom

    def runs(self, code):
        """Run a cell; what it showed."""
        return nothing_of_ours(self.kernel.run(code))

    def is_told(self, code, *words):
        """Run a cell; what it showed, in which all these words stand."""
        shown = self.runs(code)
        seen = f"{shown.printed}\n{shown.plain}\n{shown.traceback}"
        for each in words:
            assert each in seen, seen
        return shown

    def is_told_only(self, code, *words):
        """The same, as a sentence in place of a traceback."""
        shown = self.is_told(code, *words)
        assert "Traceback" not in shown.traceback
        return shown

    def value(self, expression):
        """What an expression is, as JSON."""
        return self.kernel.value(expression)

    def settles_in(self):
        """Boot, write the first page, and keep some things of one's own."""
        for cell in (BOOT, PAGES, ROUTES):
            assert not self.runs(cell).ename
        for path, text in KEEPSAKES.items():
            (self.workspace / path).write_text(text)
        self.has_solved("first/another")
        return self

    def has_solved(self, name):
        path = self.workspace / ".workbook/progress.json"
        before = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps({**before, name: SOLVED}))

    def progress(self):
        return json.loads((self.workspace / ".workbook/progress.json").read_text())

    def goes_on(self):
        """The next right cells work, the answer passes and is noted, and nothing is lost."""
        for cell in (PAGES, ROUTES):
            shown = self.runs(cell)
            assert not shown.ename, shown.traceback
        assert self.value('(await site.get("/hello/")).json()') == {"hello": "first"}
        passed = self.runs(RIGHT)
        assert report(passed)["outcome"] == "passed", passed
        assert "return n * 2" in (self.newsroom / "pages/sums.py").read_text()
        noted = self.progress()
        assert (noted["first/double"]["outcome"], noted["first/another"]) == ("passed", SOLVED)
        assert self.value("__import__('pages.mine').mine.ANSWER") == 42
        self.kept()

    def kept(self):
        for path, text in KEEPSAKES.items():
            assert (self.workspace / path).read_text() == text

    # --- What happens to files ---

    def put(self, path, data):
        target = self.newsroom / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data if isinstance(data, bytes) else data.encode())

    def loses(self, path):
        """Take away a file or folder of the project; the answer puts it back."""
        target = self.newsroom / path
        aside = Path(tempfile.mkdtemp(dir=self.workspace.parent)) / target.name
        target.rename(aside)

        def put_back():
            if target.is_dir():
                shutil.rmtree(target)
            target.unlink(missing_ok=True)
            aside.rename(target)

        return put_back


def judge_host(kernel):
    """The process that the judge's others come from."""
    [host] = [
        process
        for process in psutil.Process(kernel.pid).children()
        if "workbook_site.judge.host" in process.cmdline()
    ]
    return host


def being_judged(kernel):
    """Wait until an answer runs in a process of the judge's; that process."""
    host = judge_host(kernel)
    until(host.children)
    return host.children()[0]


def until(happens):
    """Look again and again, until this is so."""
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline


def nothing_of_ours(shown):
    for seen in (shown.printed, shown.plain, shown.traceback):
        assert "workbook_site/" not in seen, seen
        assert "inside workbook_site" not in seen, seen
        assert "never retrieved" not in seen, seen
    return shown


def settled(workspace, content, **how):
    """A kernel in which a learner has settled in."""
    kernel = Kernel(Path(workspace), content, **how)
    try:
        Learner(kernel).settles_in()
    except BaseException:
        kernel.__exit__(None, None, None)
        raise
    return kernel
