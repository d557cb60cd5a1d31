"""What the workflows would do on GitHub, done here: their own lines, in a course of one's own."""

import os
import subprocess
import sys
from pathlib import Path

import junitparser
import pytest
import yaml

from workbook_site.building.printing import Printed, written

ROOT = Path(__file__).parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
# Names on GitHub's side, for a push of a new branch: there is no commit before it.
NOTHING_BEFORE = "0" * 40


def step(name):
    """The lines of a step of `chapters.yml`."""
    steps = yaml.safe_load((WORKFLOWS / "chapters.yml").read_text())["jobs"]["chapters"]["steps"]
    return next(each["run"] for each in steps if each.get("name") == name)


def git(folder, *words):
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", "-C", folder, *identity, *words], check=True, capture_output=True)


@pytest.fixture
def course(tmp_path):
    """A repository with one chapter and nothing else."""
    notebook = written([Printed("sum", "code", "1 + 1")], title="Sums")
    for folder in ("notebooks/source", "exercises", "solutions"):
        (tmp_path / "course" / folder).mkdir(parents=True)
    (tmp_path / "course/notebooks/source/00_sums.md").write_text(
        "# Sums\n\n```python\n1 + 1\n```\n"
    )
    (tmp_path / "course/notebooks/00_sums.ipynb").write_text(notebook)
    git(tmp_path / "course", "init", "--quiet", "--initial-branch=main")
    git(tmp_path / "course", "add", "--all")
    git(tmp_path / "course", "commit", "--quiet", "--message=first")
    return tmp_path / "course"


def played(course, name, **more):
    """Do a step as GitHub does: bash, which stops at the first line that fails."""
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step(name)],
        cwd=course,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "WORKBOOK_CONTENT": str(course),
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(course),
            **more,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_course_of_ones_own_is_executed_reported_and_made_a_site_of(course):
    played(course, "Execute chapters", ONLY_CHANGED="false", SINCE=NOTHING_BEFORE)
    (suite,) = junitparser.JUnitXml.fromfile(str(course / "executed" / "junit.xml"))
    assert (suite.name, suite.tests, suite.failures) == ("00_sums", 1, 0)
    assert (course / "executed" / "00_sums.html").is_file()


def test_only_what_changed_is_executed_also_where_nothing_was_before(course):
    git(course, "switch", "--quiet", "--create", "mine")
    told = played(course, "Execute chapters", ONLY_CHANGED="true", SINCE=NOTHING_BEFORE)
    assert "Compared with main" in told
    assert "nothing to execute" in told
    assert (course / "executed" / "junit.xml").is_file()


def test_the_steps_name_options_that_there_are():
    """Those of `build`, which would take long to play: its parser takes them."""
    from workbook_site.management.commands import build

    parser = build.Command().create_parser("workbook_site", "build")
    for name in ("House rules, and notebooks that are printed afresh", "The site to read"):
        words = step(name).split()
        assert words[:4] == ["python3", "-m", "workbook_site", "build"]
        parser.parse_args(words[4:])
