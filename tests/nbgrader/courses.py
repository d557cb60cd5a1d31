"""A course of ours in the hands of the real nbgrader, which lives in an environment of its own."""

import json
import os
import subprocess
from pathlib import Path

from tests.environments import venvs
from tests.submissions import make

# Run by nbgrader's Python: every student's points by assignment and verdict cell.
POINTS = """
import json
import sys

from nbgrader.api import Gradebook

with Gradebook(sys.argv[1]) as gradebook:
    print(json.dumps({
        submission.student.id: {
            "reached": submission.score,
            "possible": submission.max_score,
            "open": submission.needs_manual_grade,
            "cells": {grade.name.removesuffix("-verdict"): grade.score
                      for notebook in submission.notebooks for grade in notebook.grades},
        }
        for assignment in gradebook.assignments
        for submission in gradebook.assignment_submissions(assignment.name)
    }))
"""

# All assignments at once: nbgrader takes seconds to start.
GENERATE = """
import sys
from nbgrader.apps import NbGraderAPI, NbGraderApp

app = NbGraderApp()
app.initialize([])
api = NbGraderAPI(config=app.config)
done = {name: api.generate_assignment(name, force=True) for name in sys.argv[1:]}
sys.exit("\\n".join(each["log"] for each in done.values() if not each["success"]) or 0)
"""


class Course:
    """The folder, and nbgrader's commands in it."""

    def __init__(self, folder, home):
        self.folder = folder
        self.programs = venvs.made()
        self.home = home

    def call(self, program, *words, cwd=None, **more):
        """Run a program of nbgrader's environment: exit code, and all that it said."""
        done = subprocess.run(
            [self.programs / program, *words],
            cwd=cwd or self.folder,
            env=venvs.surroundings(self.programs, self.home, **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        return done.returncode, done.stdout

    def generate(self, *chapters):
        code, told = self.call("python", "-c", GENERATE, *chapters)
        assert code == 0, told

    def points(self):
        code, told = self.call("python", "-c", POINTS, f"sqlite:///{self.folder}/gradebook.db")
        assert code == 0, told
        return json.loads(told.splitlines()[-1])

    def released(self, stem):
        """The notebook that students get."""
        path = self.folder / "release" / stem[3:] / f"{stem}.ipynb"
        return json.loads(path.read_text(encoding="utf-8"))

    def hand_in(self, student, stem, notebook):
        """Put a notebook, or bytes, where nbgrader collects it, handed in before it was due."""
        target = self.folder / "submitted" / student / stem[3:] / f"{stem}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        target.write_bytes(data)
        os.utime(target, (make.HANDED_IN, make.HANDED_IN))
        return target


def golden(course, monkeypatch):
    """The golden submissions, made in the notebooks of this course: case -> the chapter's stem."""
    monkeypatch.setattr(make, "printed", course.released)
    handed = {}
    for case, (path, build) in make.CASES.items():
        if case not in SAME_AS_RIGHT:
            handed[case] = make.NEWS if make.NEWS in path else make.VIEWS
            course.hand_in(case, handed[case], build())
    return handed


# Cases that are about the folders of other platforms. In nbgrader's folders they are "right".
SAME_AS_RIGHT = {"moodle", "marked_late", "late"}


def verdict_cells(notebook):
    """By exercise."""
    known = {cell["metadata"].get("nbgrader", {}).get("grade_id", ""): cell
             for cell in notebook["cells"]}  # fmt: skip
    return {name.removesuffix("-verdict"): cell for name, cell in known.items()
            if name.endswith("-verdict")}  # fmt: skip


def written(folder):
    """Every file of a course: its name, its text."""
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in Path(folder).rglob("*") if path.is_file()}  # fmt: skip
