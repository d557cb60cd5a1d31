"""A course of one chapter with three quick exercises, classes of any size, and real commands."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests import forks

ROOT = Path(__file__).parents[2]
CHAPTER = "00_small"
_OURS = re.compile(r"WORKBOOK_|DJANGO_SETTINGS_MODULE")

EXERCISES = {
    "total": (
        "def total(numbers):\n    ### BEGIN SOLUTION\n    return sum(numbers)\n"
        "    ### END SOLUTION\n",
        "numbers = [site.number(1, 99) for _ in range(5)]\n"
        '    equal(await site.call("mysite.services.total", numbers), sum(numbers))',
    ),
    "evens": (
        "def evens(numbers):\n    ### BEGIN SOLUTION\n"
        "    return [n for n in numbers if n % 2 == 0]\n    ### END SOLUTION\n",
        "numbers = [site.number(1, 99) for _ in range(9)]\n"
        "    wanted = [n for n in numbers if n % 2 == 0]\n"
        '    equal(await site.call("mysite.services.evens", numbers), wanted)',
    ),
    "shout": (
        "async def shout(word):\n    ### BEGIN SOLUTION\n    return word.upper() + '!'\n"
        "    ### END SOLUTION\n",
        "word = site.word()\n"
        '    equal(await site.call("mysite.services.shout", word), word.upper() + "!")',
    ),
}

EXERCISE = '''"""The function {name}

Write it.
"""

from workbook_site.checking import Site, equal

FILE = "mysite/services.py"
POINTS = {points}
HINTS = ["Think.", "Think again."]


async def it_is_right(site: Site) -> None:
    """The function gives what it should."""
    {check}


async def it_is_right_again(site: Site) -> None:
    """It does so again."""
    {check}
'''

STARTER = "    # Your code here\n    raise NotImplementedError\n"
STARTERS = {
    name: f"{text.partition(chr(10))[0]}\n{STARTER}" for name, (text, _) in EXERCISES.items()
}
RIGHT = {"total": "def total(numbers):\n    return sum(numbers)\n",
         "evens": "def evens(numbers):\n    return [n for n in numbers if not n % 2]\n",
         "shout": "async def shout(word):\n    return f'{word.upper()}!'\n"}  # fmt: skip
WRONG = {"total": "def total(numbers):\n    return len(numbers)\n",
         "evens": "def evens(numbers):\n    return [n for n in numbers if n % 2]\n",
         "shout": "async def shout(word):\n    return word\n"}  # fmt: skip


def course(folder):
    """Write the course's content; `WORKBOOK_CONTENT` names the folder."""
    for points, (name, (solution, check)) in enumerate(EXERCISES.items(), 1):
        _write(folder / "exercises/small" / f"{name}.py",
               EXERCISE.format(name=name, check=check, points=2 * points))  # fmt: skip
        _write(folder / "solutions/small" / f"{name}.py", solution)
    _write(folder / f"notebooks/{CHAPTER}.ipynb", json.dumps(notebook({})))
    return folder


def notebook(answers):
    """The chapter as a learner hands it in: answers by exercise, starters for the rest."""
    cells = [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Small"}]
    for name in EXERCISES:
        told = {"exercise": name, "file": "mysite/services.py", "given": {}}
        source = f"%%exercise {name}\n{answers.get(name, STARTERS[name])}"
        cells.append({"cell_type": "code", "id": f"exercise-{name}", "execution_count": None,
                      "metadata": {"workbook": told}, "outputs": [], "source": source})  # fmt: skip
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def hand_in(folder, student, answers):
    """Lay a student's notebook."""
    path = folder / student / f"{CHAPTER}.ipynb"
    _write(path, json.dumps(notebook(answers)))
    return path


def a_class(folder, size, *, alike=False):
    """So many students: right, wrong, partly right and untouched ones in turn. The right outcome of
    each. Unless `alike`, no two answers are the same."""
    wanted = {}
    for number in range(size):
        mark = "" if alike else f"\n\n_mark = {number}\n"
        kinds = [RIGHT, WRONG, {**RIGHT, "shout": WRONG["shout"]}, {}]
        answers = {name: text + mark for name, text in kinds[number % 4].items()}
        student = f"s{number:04}"
        hand_in(folder, student, answers)
        wanted[student] = (12.0, 0.0, 6.0, 0.0)[number % 4]
    return wanted


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class Gradebook:
    """A gradebook, its course, and the real commands on it in processes of their own."""

    def __init__(self, folder, content=None, **more):
        self.folder = folder / "gradebook"
        self.handed = folder / "class"
        self.content = content or course(folder / "course")
        plain = {name: value for name, value in os.environ.items() if not _OURS.match(name)}
        self.env = plain | {"PYTHONPATH": str(ROOT), "WORKBOOK_CONTENT": str(self.content),
                            "WORKBOOK_GRADEBOOK": str(self.folder)} | more  # fmt: skip

    def with_databases(self):
        """The judge's database for this course is made once for all gradebooks of a run: in each it
        would be the same, and take longer than the answers do."""
        databases = self.folder.parent.parent / "databases"
        databases.mkdir(exist_ok=True)
        self.folder.mkdir(parents=True)
        (self.folder / "cache").symlink_to(databases)
        return self

    def argv(self, command, *words):
        return [sys.executable, "-m", "workbook_site.inside", command, *map(str, words)]

    def run(self, command, *words, timeout=120):
        """A command to its end."""
        return subprocess.run(self.argv(command, *words), env=self.env, text=True, timeout=timeout,
                              capture_output=True, check=False)  # fmt: skip

    def grade(self, *words, code=0):
        """`grade CLASS --json`; what it said."""
        done = self.run("grade", self.handed, "--json", "--workers", "1", "--no-sandbox", *words)
        assert done.returncode == code, done.stderr + done.stdout
        return json.loads(done.stdout)

    def start(self, command, *words):
        """A command in a session of its own, left running."""
        return subprocess.Popen(self.argv(command, *words), env=self.env, start_new_session=True,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    def ask(self, code):
        """Run code among the models in a process of its own; what it printed, as JSON."""
        begin = (
            "import django, json; django.setup()\n"
            "from workbook_site.grading.models import *\n"
            "from workbook_site.grading import store\n"
            "def say(value): print(json.dumps(value, default=str))\n"
        )
        settings = {"DJANGO_SETTINGS_MODULE": "workbook_site.settings"}
        done = forks.python(begin + code, self.env | settings, "error")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else None


def points(told):
    """Points by student."""
    return {each["student"]: each["points"] for each in told["submissions"]}
