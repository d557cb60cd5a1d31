"""Images in small: an environment that somebody made, a checkout in it, and notebooks run there."""

import contextlib
import json
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
from pathlib import Path

from tests.environments import venvs
from workbook_site.project.replay import solution

ROOT = Path(__file__).parents[2]
PARTS = ("workbook_site", "notebooks", "exercises", "solutions", "requirements", "docker",
         "postBuild")  # fmt: skip
REPORT = "application/vnd.workbook.report+json"

EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient

source, target = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
NotebookClient(notebook, timeout=120, allow_errors=True).execute()
nbformat.write(notebook, target)
"""


def checkout(folder):
    """What of the checkout an image holds."""
    folder.mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__")
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, folder / name)
    return folder


class Image:
    """An environment with every package, which does not know the workbook yet.

    The packages are those of the tests; installing them is what pip does, here and there alike.
    """

    def __init__(self, folder):
        self.folder = folder
        venv.create(folder / "env", with_pip=False, symlinks=True)
        self.python = folder / "env" / "bin" / "python"
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        packages = folder / "env" / "lib" / version / "site-packages"
        (packages / "packages.pth").write_text(f"{sysconfig.get_path('purelib')}\n")

    def surroundings(self, **more):
        """As in a container: this environment's programs first, a home, nothing of ours."""
        return venvs.surroundings(self.python.parent, self.folder, **more)

    def call(self, *words, cwd, **more):
        done = subprocess.run(
            [str(word) for word in words],
            cwd=cwd,
            env=self.surroundings(**more),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def execute(self, notebook, **more):
        """Run a notebook's beginning where it lies, with the plain kernel `python3` of this
        environment; the reports of its exercises, and the text of its errors."""
        beginning = notebook.with_name("beginning.ipynb")
        beginning.write_text(json.dumps(solved_beginning(notebook)))
        try:
            words = self.python, "-c", EXECUTE, beginning.name, beginning.name
            self.call(*words, cwd=notebook.parent, **more)
            return shown(json.loads(beginning.read_text()))
        finally:
            beginning.unlink()


def solved_beginning(path):
    """The notebook up to its first exercise, which holds the right answer."""
    told = json.loads(path.read_text(encoding="utf-8"))
    for number, cell in enumerate(told["cells"]):
        name = cell["metadata"].get("workbook", {}).get("exercise")
        if name:
            cell["source"] = f"%%exercise {name}\n{solution(path.stem[3:], name)}"
            return {**told, "cells": told["cells"][: number + 1]}
    raise LookupError(path)


def shown(notebook):
    """The verdicts, and the errors, but for those that the chapter makes on purpose."""
    reports, errors = [], []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            reports += [output["data"][REPORT]] if REPORT in output.get("data", {}) else []
            if output["output_type"] == "error":
                errors += [] if cell["metadata"].get("tags") else ["\n".join(output["traceback"])]
    return [report["outcome"] for report in reports], errors


class Server:
    """A Jupyter server as anybody starts it, listening once the block is entered."""

    def __init__(self, words, surroundings, root):
        more = ("--no-browser", "--allow-root", "--ServerApp.port=0", "--IdentityProvider.token=t")
        self._words = [*map(str, words), *more, f"--ServerApp.root_dir={root}"]
        self._surroundings = surroundings

    def __enter__(self):
        self._process = subprocess.Popen(
            self._words, env=self._surroundings, stderr=subprocess.PIPE, text=True
        )
        for line in self._process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                self.port = int(found[1])
                self._wait()
                return self
        raise AssertionError("the server ended")

    def _wait(self):
        """It tells its address before it listens there."""
        while self._process.poll() is None:
            with contextlib.suppress(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            time.sleep(0.05)
        raise AssertionError("the server ended")

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def ask(self, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Authorization": "token t"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request) as answer:
            return answer.read().decode()
