"""Makes the golden submissions from the printed chapters: `python -m tests.submissions.make`.

They are kept as files, as a class hands them in, so that a change of intake or of the judge shows
in a diff of `expected.json`, which is written by hand or by `--expect` and then read by a human.
"""

import copy
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from workbook_site import places
from workbook_site.project.replay import solution

HERE = Path(__file__).parent
ANSWERS = places.CHECKOUT / "tests" / "answers"
NEWS, VIEWS = "00_three_problems", "01_async_views"
CASES = {}


def case(path):
    """Register a maker: what it returns lies at `CASE/submitted/PATH` (bytes, or a notebook)."""

    def register(make):
        CASES[make.__name__] = (path, make)
        return make

    return register


def printed(stem):
    return json.loads((places.notebooks() / f"{stem}.ipynb").read_text(encoding="utf-8"))


def cell_of(notebook, exercise):
    for cell in notebook["cells"]:
        if cell["metadata"].get("workbook", {}).get("exercise") == exercise:
            return cell
    raise LookupError(exercise)


def exercises(notebook):
    told = (cell["metadata"].get("workbook", {}) for cell in notebook["cells"])
    return [each["exercise"] for each in told if "exercise" in each]


def put(notebook, exercise, text):
    cell_of(notebook, exercise)["source"] = f"%%exercise {exercise}\n{text}"
    return notebook


def answer(chapter, exercise, name):
    """A right or wrong answer of `tests/answers`, without its first line of expectation."""
    text = (ANSWERS / chapter / exercise / f"{name}.py").read_text(encoding="utf-8")
    return "".join(line for line in text.splitlines(True) if not line.startswith("# expect:"))


def solved(stem):
    notebook = printed(stem)
    for exercise in exercises(notebook):
        put(notebook, exercise, solution(stem[3:], exercise))
    return notebook


@case(f"anna/{NEWS}.ipynb")
def right():
    return solved(NEWS)


@case(f"boris/{VIEWS}.ipynb")
def wrong():
    notebook = printed(VIEWS)
    put(notebook, "archive", answer("async_views", "archive", "wrong_no_limit"))
    put(notebook, "morning", "async def morning(request):\n    return None\n")
    put(notebook, "briefing", "def briefing(request:\n")
    put(notebook, "receipt", "import os\nos._exit(0)\n")
    return notebook


@case(f"clara/{NEWS}.ipynb")
def partial():
    notebook = solved(NEWS)
    put(notebook, "only_news", answer("three_problems", "only_news", "wrong_newest_first"))
    plain = printed(NEWS)
    put(
        notebook, "one_article", "".join(cell_of(plain, "one_article")["source"]).partition("\n")[2]
    )
    return notebook


@case(f"daniel/{VIEWS}.ipynb")
def untouched():
    return printed(VIEWS)


@case(f"elena/{NEWS}.ipynb")
def empty_cells():
    notebook = printed(NEWS)
    for exercise in exercises(notebook):
        put(notebook, exercise, "")
    cell_of(notebook, "only_news")["source"] = ""
    return notebook


@case(f"farid/{NEWS}.ipynb")
def mangled():
    """Other cells gone or edited, the rest backwards, ids new, metadata wiped."""
    notebook = solved(NEWS)
    kept = [
        cell
        for number, cell in enumerate(notebook["cells"])
        if number % 3 or "exercise" in cell["metadata"].get("workbook", {})
    ]
    for number, cell in enumerate(reversed(kept)):
        cell["id"], cell["metadata"] = f"new-{number}", {}
        if "%%site" in "".join(cell["source"]):
            cell["source"] = "%%site dashboard/views.py\nraise SystemExit\n"
    return {**notebook, "cells": kept[::-1], "metadata": {}}


@case(f"greta/{NEWS}.ipynb")
def lost_cell():
    notebook = solved(NEWS)
    notebook["cells"].remove(cell_of(notebook, "truthful_summary"))
    return notebook


@case(f"hanna/{NEWS}.ipynb")
def copied_cells():
    """One exercise answered twice, differently; another copied as it is."""
    notebook = solved(NEWS)
    twice = copy.deepcopy(cell_of(notebook, "one_article"))
    twice["id"], twice["source"] = "copy", "%%exercise one_article\nasync def one_article(): ...\n"
    same = copy.deepcopy(cell_of(notebook, "only_news"))
    return {**notebook, "cells": [twice, *notebook["cells"], same]}


@case(f"igor/{NEWS}.ipynb")
def lost_magic():
    """The first line deleted: the cell's id tells what it is."""
    notebook = solved(NEWS)
    cell = cell_of(notebook, "only_news")
    cell["source"] = cell["source"].partition("\n")[2]
    cell["metadata"] = {}
    return notebook


@case(f"submitted/julia/three_problems/{NEWS}.ipynb")
def late():
    """nbgrader's folders, with its time stamp."""
    return solved(NEWS)


@case(f"kimlee_LATE_4711_815_{NEWS}-1.ipynb")
def marked_late():
    """Canvas's names, with its mark."""
    return solved(NEWS)


@case(f"Lena Ode_17_assignsubmission_file_/{NEWS}.ipynb")
def moodle():
    return solved(NEWS)


@case(f"marco/{NEWS}.ipynb")
def turned_into_text():
    notebook = solved(NEWS)
    cell = cell_of(notebook, "only_news")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]
    return notebook


@case(f"nadia/{NEWS}.ipynb")
def tampered():
    """Metadata that asks for another file, more points and another exercise's checks."""
    notebook = solved(NEWS)
    for exercise in exercises(notebook):
        told = cell_of(notebook, exercise)["metadata"]["workbook"]
        told.update(file="mysite/settings.py", points=100, given={"manage.py": "raise SystemExit"})
    put(notebook, "only_news", "")
    return notebook


@case(f"olga/{NEWS}.ipynb")
def not_json():
    return json.dumps(printed(NEWS)).encode()[:-200]


@case(f"piotr/{NEWS}.ipynb")
def not_utf8():
    return json.dumps({"cells": ["Größe"]}, ensure_ascii=False).encode("latin-1")


@case(f"quinn/{NEWS}.ipynb")
def old_format():
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": []}]}


@case(f"rosa/{NEWS}.ipynb")
def other_language():
    notebook = printed(NEWS)
    notebook["cells"] = notebook["cells"][:3]
    notebook["metadata"] = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}
    return notebook


@case(f"stefan/{NEWS}.ipynb")
def empty_file():
    return b""


def write(folder):
    """All cases below `folder`, as `CASE/submitted/...`."""
    for name, (path, make) in CASES.items():
        made = make()
        data = made if isinstance(made, bytes) else _text(made)
        target = folder / name / "submitted" / path.removeprefix("submitted/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    stamp = folder / "late/submitted/julia/three_problems/timestamp.txt"
    stamp.write_text("2026-11-03 09:30:00.000000 Europe/Berlin\n")


def lay(folder):
    """The committed cases in a folder of the test's own, all handed in before they were due: a
    checkout keeps no times."""
    for path in HERE.glob("*/submitted/**/*"):
        if path.is_file():
            target = folder / path.relative_to(HERE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
            os.utime(target, (HANDED_IN, HANDED_IN))
    return folder


def _text(notebook):
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


HANDED_IN = datetime(2026, 10, 30, 12, tzinfo=UTC).timestamp()
# When these chapters were due, for the gradebook that the expectations are made with.
POLICY = """\
time_zone = "Europe/Berlin"
[due]
three_problems = 2026-11-01T23:59:00
[late]
percent_a_day = 10
at_most = 50
"""

KEPT = ("student", "chapter", "state", "trouble", "late_by", "reached", "points", "possible",
        "notes")  # fmt: skip


def trimmed(submission):
    """What of a submission in `grade --json` has to stay the same."""
    told = {name: submission[name] for name in KEPT}
    told["exercises"] = {
        each["exercise"]: [each["outcome"], each["points"], each["possible"], each["note"]]
        for each in submission["exercises"]
    }
    return told


def graded(paths, gradebook, *options):
    """`grade --json` in a process of its own; its exit code and what it said."""
    gradebook.mkdir(parents=True, exist_ok=True)
    (gradebook / "gradebook.toml").write_text(POLICY)
    words = [sys.executable, "-m", "workbook_site.inside", "grade", *map(str, paths), "--json",
             "--gradebook", str(gradebook), "--workers", "2", *options]  # fmt: skip
    env = os.environ | {"PYTHONPATH": str(places.CHECKOUT)}
    done = subprocess.run(words, capture_output=True, text=True, env=env, timeout=300, check=False)
    if not done.stdout:
        raise RuntimeError(done.stderr)
    return done.returncode, json.loads(done.stdout)


if __name__ == "__main__":
    write(HERE)
    if "--expect" in sys.argv:
        with tempfile.TemporaryDirectory() as gradebook:
            laid = lay(Path(gradebook) / "class")
            _, told = graded(sorted(laid.glob("*/submitted")), Path(gradebook))
        for submission in told["submissions"]:
            name = Path(submission["source"]).relative_to(laid).parts[0]
            text = json.dumps(trimmed(submission), indent=1, ensure_ascii=False) + "\n"
            (HERE / name / "expected.json").write_text(text, encoding="utf-8")
