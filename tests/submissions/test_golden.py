"""The golden submissions, in one call of the real command: each comes to what stands beside it."""

import csv
import json
import re

import pytest

from tests.submissions.make import HERE, graded, lay, trimmed

CASES = sorted(path.parent.name for path in HERE.glob("*/expected.json"))


@pytest.fixture(scope="module")
def class_graded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("golden")
    laid = lay(folder / "class")
    code, told = graded(sorted(laid.glob("*/submitted")), folder / "gradebook")
    by_case = {_case(each, laid): each for each in told["submissions"]}
    return folder / "gradebook", code, told, by_case


def _case(submission, laid):
    return submission["source"].removeprefix(f"{laid}/").partition("/")[0]


def test_there_are_as_many_as_were_made(class_graded):
    assert len(CASES) >= 12
    assert set(class_graded[3]) == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_a_golden_submission(case, class_graded):
    expected = json.loads((HERE / case / "expected.json").read_text(encoding="utf-8"))
    assert trimmed(class_graded[3][case]) == expected


def test_bad_files_are_told_by_the_exit_code_and_hold_up_nobody(class_graded):
    _, code, told, _ = class_graded
    assert code == 20
    states = {each["state"] for each in told["submissions"]}
    assert states == {"graded", "failed"}


def test_the_tables_open_again(class_graded):
    folder, _, told, _ = class_graded
    with (folder / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert len(rows) == len(told["submissions"])
    assert rows["anna"]["three_problems points"] == "18"
    assert rows["julia"]["three_problems points"] == "14.4"
    assert rows["julia"]["three_problems days late"] == "2"
    assert rows["olga"]["three_problems problem"].startswith("The file is not JSON")
    assert rows["clara"]["three_problems/only_news"] == "2"


def test_the_platforms_columns(class_graded):
    folder = class_graded[0]
    with (folder / "canvas.csv").open(encoding="utf-8", newline="") as file:
        possible, *rows = csv.DictReader(file)
    assert possible["00 three problems"] == "18"
    canvas = next(row for row in rows if row["Student"] == "kimlee")
    assert (canvas["ID"], canvas["00 three problems"]) == ("4711", "16.2")
    with (folder / "moodle.csv").open(encoding="utf-8", newline="") as file:
        moodle = {row["Full name"]: row for row in csv.DictReader(file)}
    assert moodle["Lena Ode"]["Identifier"] == "Participant 17"
    assert moodle["Lena Ode"]["Assignment: 00 three problems (Real)"] == "18"


def test_everyone_gets_a_page_that_stands_by_itself(class_graded):
    folder, _, told, _ = class_graded
    pages = {path.parent.name: path.read_text() for path in folder.glob("feedback/*/*.html")}
    assert len(pages) == len(told["submissions"])
    for text in pages.values():
        assert not re.search(r"""(src|href)\s*=|<script|@import|url\(""", text)
    assert "not UTF-8" in pages["piotr"]
    assert "2 days late" in pages["julia"]
    assert "2 cells of the notebook answer this exercise" in pages["hanna"]


def test_the_insight_counts_the_class(class_graded):
    folder, _, told, _ = class_graded
    found = {each["exercise"]: each for each in told["insight"]}
    of = [each for each in told["submissions"]
          if each["chapter"] == "three_problems" and each["state"] == "graded"]  # fmt: skip
    outcomes = [ex["outcome"] for each in of for ex in each["exercises"]
                if ex["exercise"] == "only_news"]  # fmt: skip
    assert found["only_news"]["answers"] == len(of)
    assert found["only_news"]["passed"] == outcomes.count("passed")
    assert found["only_news"]["commonest"][0]["count"] == 1
    assert "<svg" in (folder / "insight.html").read_text()
