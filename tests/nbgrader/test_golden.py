"""The real nbgrader and our `grade`, on the same files: the same points, exercise by exercise."""

import json
import re
import sys

import pytest

from tests.nbgrader import courses
from tests.submissions import make
from workbook_site import lab, places, project

# Files that nbgrader can't read as notebooks: it says so, and grades the others.
NO_NOTEBOOKS = {"not_json", "not_utf8", "empty_file"}
# Files that it takes for notebooks without answers, and `grade` refuses with a sentence.
TAKEN_AS_EMPTY = {"old_format", "other_language"}


def test_students_get_what_nbgrader_itself_would_give_them(written_course):
    for chapter in project.chapters():
        assert written_course.released(chapter.stem) == written_course.as_written[chapter.stem]


def test_nothing_of_a_solution_is_given_out(written_course):
    for chapter in project.chapters():
        for cell in written_course.released(chapter.stem)["cells"]:
            name = cell["metadata"].get("workbook", {}).get("exercise")
            if name:
                printed = next(each for each in project.cells(chapter) if each.id == cell["id"])
                assert "".join(cell["source"]) == printed.source
                assert "starter" not in cell["metadata"]["workbook"]


def test_every_golden_submission_gets_the_same_points(written_course, tmp_path, monkeypatch):
    """In one test: nbgrader's half minute is paid once, whichever worker takes it."""
    handed = courses.golden(written_course, monkeypatch)
    codes = {
        stem: written_course.call("nbgrader", "autograde", stem[3:])
        for stem in sorted(set(handed.values()))
    }
    _, told = make.graded([written_course.folder / "submitted"], tmp_path / "ours")
    ours = {each["student"]: each for each in told["submissions"]}
    theirs = written_course.points()

    assert set(ours) == set(theirs) == set(handed)
    for case in sorted(handed):
        expected = {each["exercise"]: each["points"] for each in ours[case]["exercises"]}
        log = codes[handed[case]][1]
        assert theirs[case]["cells"] == pytest.approx(expected), f"{case}\n{log}"
        assert theirs[case]["reached"] == pytest.approx(ours[case]["reached"]), case
        assert theirs[case]["possible"] == ours[case]["possible"], case
    assert {theirs[case]["reached"] for case in handed} >= {0, 1.6, 12, 13, 18}

    # What is no notebook is told, and holds up nobody.
    code, log = codes[make.NEWS]
    assert code != 0
    for case in NO_NOTEBOOKS:
        assert f"for student '{case}'" in log
    refused = {case for case in handed if ours[case]["state"] == "failed"}
    assert refused == NO_NOTEBOOKS | TAKEN_AS_EMPTY
    # nbgrader has it wait for a human where there is no verdict, and only there.
    assert {case for case in handed if theirs[case]["open"]} == NO_NOTEBOOKS
    assert codes[make.VIEWS][0] == 0


@pytest.mark.parametrize("place", ["course", "home"])
def test_validate_names_the_exercises_that_are_not_full(
    written_course, tmp_path, monkeypatch, place
):
    """In the course with its kernel; on a student's machine with the kernel of the Lab there."""
    monkeypatch.setattr(make, "printed", written_course.released)
    cases = ("right", "partial")
    files = [written_course.hand_in(case, make.NEWS, make.CASES[case][1]()) for case in cases]
    where, folder = {}, written_course.folder
    if place == "home":
        where, folder = at_home(tmp_path), folder / "submitted"
    words = [str(file.relative_to(folder)) for file in files]
    _, told = written_course.call("nbgrader", "validate", *words, cwd=folder, **where)
    expected = json.loads((make.HERE / "partial" / "expected.json").read_text())["exercises"]
    lacking = {name for name, (_, points, possible, _) in expected.items() if points < possible}
    right, _, partial = told.partition("VALIDATION FAILED")
    assert "Success! Your notebook passes all the tests." in right
    assert partial.startswith(f" ON {len(lacking)} CELL(S)")
    assert set(re.findall(r'points\("three_problems/(\w+)"\)', partial)) == lacking


def at_home(folder):
    """The kernel `python3` as the workbook's Lab has it."""
    spec = folder / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    told = json.loads((lab.JUPYTER / "kernels" / "python3" / "kernel.json").read_text())
    argv = [sys.executable, *told["argv"][1:]]  # nbgrader has another Python here
    spec.write_text(json.dumps({**told, "argv": argv, "env": {"PYTHONPATH": str(places.CHECKOUT)}}))
    return {"JUPYTER_PATH": folder, "JUPYTER_PREFER_ENV_PATH": "1"}
