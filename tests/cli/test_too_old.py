"""A Python that is too old gets a sentence, from the files that it is able to read."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workbook_site import bootstrap, exits

ROOT = Path(__file__).parents[2]
OLD = ["python2.7", *(f"python3.{minor}" for minor in range(4, 11))]
PRETEND = """\
import runpy, sys
sys.version_info = (3, 10, 4, "final", 0)
sys.argv = ["workbook_site", "lab"]
runpy.run_module("workbook_site", run_name="__main__", alter_sys=True)
"""


ASK = "import sys; print(sys.executable if sys.version_info[:2] < (3, 11) else '')"


def too_old():
    """Command lines of real old Pythons on this machine, and of a new one that claims to be old."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    on_path = [found for found in map(shutil.which, OLD) if found and "shims" not in found]
    candidates = [*on_path, *(str(path) for path in sorted(pyenv.glob("*/bin/python")))]
    asked = [subprocess.run([python, "-c", ASK], capture_output=True) for python in candidates]
    old = dict.fromkeys(done.stdout.decode().strip() for done in asked)
    lines = [[python, "-m", "workbook_site", "lab"] for python in old if python]
    return [*lines, [sys.executable, "-c", PRETEND]]


@pytest.mark.parametrize("line", too_old(), ids=lambda line: line[0])
def test_it_is_told_which_python_it_is_and_what_to_type(line):
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == exits.TOO_OLD
    assert "needs Python 3.11 or newer" in done.stderr
    assert re.search(r"This is Python [23]\.\d+\.\d+", done.stderr)
    assert re.search(r"    \S*python3\.\d+ -m workbook_site lab\n", done.stderr)
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_without_another_python_the_advice_is_to_install_one(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Install Python 3.13" in bootstrap.refusal(["lab"])


def test_a_python_that_does_not_start_is_not_advised(monkeypatch, tmp_path):
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Install Python 3.13" in bootstrap.refusal(["lab"])


def test_both_ends_agree_on_the_exit_code():
    assert bootstrap.TOO_OLD == exits.TOO_OLD
