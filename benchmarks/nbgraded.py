"""nbgrader's side of `grading.py`: the same assignment and the same class, in nbgrader's own terms.

nbgrader is no requirement of the workbook: it is installed into a folder that goes afterwards.
"""

import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path

PIN = "nbgrader==0.9.6"
NAME = "small"
STEM = "00_small"
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'course'\n"

# Each exercise's tests as the workbook's checks have them: random inputs, twice, half the points.
TESTS = {
    "total": "numbers = [random.randint(1, 99) for _ in range(5)]\n"
    "assert total(numbers) == sum(numbers)\n",
    "evens": "numbers = [random.randint(1, 99) for _ in range(9)]\n"
    "assert evens(numbers) == [n for n in numbers if n % 2 == 0]\n",
    "shout": "word = random.choice(['apple', 'river', 'stone'])\n"
    "assert await shout(word) == word.upper() + '!'\n",
}


def install(folder: Path) -> Path:
    """A venv with nbgrader; its Python."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", PIN, "ipykernel"], check=True)
    return python


class Course:
    """nbgrader's folders, with the assignment made and handed in by a class."""

    def __init__(self, folder: Path, python: Path, exercises: dict[str, str]) -> None:
        """`exercises`: what stands in each one's cell before the student writes."""
        self._folder, self._python, self._exercises = folder, python, exercises
        (folder / "source" / NAME).mkdir(parents=True)
        (folder / "nbgrader_config.py").write_text(CONFIG)
        self._write(folder / "source" / NAME, {})
        self.run("generate_assignment", NAME)

    def hand_in(self, student: str, answers: dict[str, str]) -> None:
        """Lay a student's notebook: the released one, with these answers in it."""
        folder = self._folder / "submitted" / student / NAME
        folder.mkdir(parents=True)
        self._write(folder, answers)

    def grade(self) -> float:
        """Seconds that `nbgrader autograde` takes for the class. Feedback and exports are extra."""
        began = time.perf_counter()
        self.run("autograde", NAME)
        return time.perf_counter() - began

    def points(self) -> dict[str, float]:
        """Points by student."""
        self.run("export")
        with (self._folder / "grades.csv").open(newline="") as file:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}

    def run(self, *words: str) -> None:
        """An nbgrader command; ends this program when it fails."""
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        env |= dict.fromkeys(("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR"), str(self._folder))
        env["PATH"] = f"{self._python.parent}{os.pathsep}{env['PATH']}"  # it calls alembic
        done = subprocess.run(
            [self._python, "-m", "nbgrader", *words],
            cwd=self._folder, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"nbgrader {' '.join(words)} failed:\n{done.stderr[-3000:]}")

    def _write(self, folder: Path, answers: dict[str, str]) -> None:
        cells = [_cell("begin", "import random\n", locked=True)]
        for place, (name, starter) in enumerate(self._exercises.items(), 1):
            cells.append(_cell(name, answers.get(name, starter), solution=True))
            for half in ("once", "again"):
                cells.append(_cell(f"{name}_{half}", TESTS[name], grade=True, points=place))
        spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        told = {
            "cells": cells,
            "metadata": {"kernelspec": spec},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (folder / f"{STEM}.ipynb").write_text(json.dumps(told))


def _cell(
    name: str, source: str, *, solution=False, grade=False, locked=False, points=None
) -> dict[str, object]:
    about = {"grade_id": name, "solution": solution, "grade": grade, "locked": locked or grade,
             "task": False, "schema_version": 3}  # fmt: skip
    if points is not None:
        about["points"] = points
    return {"cell_type": "code", "id": name.replace("_", "-"), "metadata": {"nbgrader": about},
            "source": source, "outputs": [], "execution_count": None}  # fmt: skip
