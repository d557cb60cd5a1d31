"""`grade` from files to marks, by the real command."""

import csv
import json
import os

import pytest

from tests.grading.small import CHAPTER, RIGHT, WRONG, Gradebook, a_class, course, hand_in, points

HISTORY = """
say([[g.answer.submission.student.key, g.answer.exercise, g.current, g.verdict.points]
     for g in Grade.objects.order_by("pk")])
"""

# Workers are quick: they have graded all of it before the last file is taken in.
QUICK = """
from pathlib import Path
from workbook_site import intake
from workbook_site.grading import run, store
from workbook_site.grading.models import State, Submission
from workbook_site.grading.opening import open_gradebook
from workbook_site.grading.policy import Policy

open_gradebook()
rest = store.apply_policy
def graded_by_then(policy):
    store.open_submissions().update(state=State.GRADED)
    rest(policy)
store.apply_policy = graded_by_then
begin = lambda: run.begin(intake.read([Path(HANDED)]), policy=Policy())
first, again = begin().open, begin().open
Submission.objects.update(state=State.FAILED, trouble=store.OURS)
say([first, again, begin().open])
"""


@pytest.fixture
def gradebook(tmp_path):
    return Gradebook(tmp_path).with_databases()


def when(path, moment):
    os.utime(path, (moment, moment))
    return path


def test_a_class_gets_its_points_and_a_second_call_does_nothing(gradebook):
    wanted = a_class(gradebook.handed, 8)
    first = gradebook.grade("--workers", "2")
    assert points(first) == wanted
    assert (first["new"], first["graded"]) == (8, 8)
    again = gradebook.grade()
    assert points(again) == wanted
    assert (again["new"], again["known"], again["graded"]) == (0, 8, 0)


def test_what_workers_did_before_all_was_taken_in_counts_as_graded(gradebook):
    a_class(gradebook.handed, 3)
    told = gradebook.ask(QUICK.replace("HANDED", repr(str(gradebook.handed))))
    assert told == [3, 0, 3]


def test_it_says_what_it_understood_before_it_starts_and_where_everything_is(gradebook):
    a_class(gradebook.handed, 4)
    (gradebook.handed / "essay.pdf").write_text("x")
    done = gradebook.run("grade", gradebook.handed, "--no-sandbox", "--workers", "1")
    said = done.stdout
    assert said.index("4 notebooks of 4 students for small") < said.index("Grading")
    assert "essay.pdf: This is no notebook" in said
    assert str(gradebook.folder) in said
    assert done.returncode == 35


def test_identical_answers_are_judged_once_unless_told_otherwise(gradebook):
    a_class(gradebook.handed, 12, alike=True)
    gradebook.grade()
    count = "say(Verdict.objects.count())"
    assert gradebook.ask(count) == 9  # of each exercise a right one, a wrong one, and the starter
    gradebook.grade("--judge-all")
    assert gradebook.ask(count) == 9 + 36
    told = "say(Grade.objects.filter(current=True).count())"
    assert gradebook.ask(told) == 36


def test_the_newest_counts_or_the_best(gradebook):
    when(hand_in(gradebook.handed, "ann", RIGHT), 1_700_000_000)
    gradebook.grade()
    when(hand_in(gradebook.handed, "ann", WRONG), 1_700_100_000)
    newest = gradebook.grade()
    assert points(newest) == {"ann": 0.0}
    assert newest["submissions"][0]["older"] == 1
    assert points(gradebook.grade("--best")) == {"ann": 12.0}


def test_a_changed_exercise_changes_grades_and_keeps_what_was(gradebook):
    hand_in(gradebook.handed, "ann", RIGHT)
    gradebook.grade()
    module = gradebook.content / "exercises/small/total.py"
    changed = module.read_text().replace("sum(numbers))", "sum(numbers) + 1)")
    module.write_text(changed)
    assert points(gradebook.grade()) == {"ann": 12.0}
    assert points(gradebook.grade("--regrade")) == {"ann": 10.0}
    history = [told[1:] for told in gradebook.ask(HISTORY) if told[1] == "total"]
    assert history == [["total", False, 2.0], ["total", True, 0.0]]
    # What did not change was not graded again: its verdict is the same.
    assert len(gradebook.ask(HISTORY)) == 4


def test_remarks_survive_a_regrade_and_a_new_submission(gradebook):
    when(hand_in(gradebook.handed, "ann", WRONG), 1_700_000_000)
    gradebook.grade()
    gradebook.ask(
        "ann = Student.objects.get(key='ann')\n"
        "store.remark(ann, 'small', 'total', by='ada', points=1.5, comment='Nearly.')\n"
        "store.remark(ann, 'small', 'evens', by='ada', comment='<b>Look</b> again')\n"
    )
    assert points(gradebook.grade("--regrade", "--judge-all")) == {"ann": 1.5}
    when(hand_in(gradebook.handed, "ann", RIGHT), 1_700_100_000)
    told = gradebook.grade()["submissions"][0]
    assert told["points"] == 11.5
    assert [each["manual"] for each in told["exercises"]] == [True, False, False]
    page = next(gradebook.folder.glob("feedback/ann/*.html")).read_text()
    assert "Nearly." in page
    assert "&lt;b&gt;Look&lt;/b&gt; again" in page


def test_lateness_costs_what_the_file_says_also_after_it_was_changed(gradebook):
    due = 1_700_000_000
    for days, name in enumerate(["in_time", "one", "two", "nine"]):
        when(hand_in(gradebook.handed, name, RIGHT), due + (days if days < 3 else 9) * 86_400 - 60)
    gradebook.grade()
    (gradebook.folder / "gradebook.toml").write_text(
        "[due]\nsmall = 2023-11-14T22:13:20Z\n[late]\npercent_a_day = 10\nat_most = 50\n"
    )
    assert points(gradebook.grade()) == {"in_time": 12.0, "one": 10.8, "two": 9.6, "nine": 6.0}


def test_a_policy_that_can_not_be_used_stops_before_anything_is_done(gradebook):
    (gradebook.folder / "gradebook.toml").write_text("[late]\npercent_a_day = 'ten'\n")
    hand_in(gradebook.handed, "ann", RIGHT)
    done = gradebook.run("grade", gradebook.handed, "--no-sandbox")
    assert done.returncode == 2
    assert "percent_a_day has to be a number" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_roster_adds_names_and_who_is_missing_and_hides_nobody(gradebook, tmp_path):
    hand_in(gradebook.handed, "a1", RIGHT)
    hand_in(gradebook.handed, "stranger", RIGHT)
    roster = tmp_path / "roster.csv"
    roster.write_text("\ufeffID,Full Name,E-Mail\na1,Ada L.,ada@example.org\nb2,=1+2,\n")
    told = gradebook.grade("--roster", roster)
    assert {each["student"]: each["name"] for each in told["submissions"]} == {
        "a1": "Ada L.", "stranger": ""}  # fmt: skip
    assert [each["student"] for each in told["not handed in"]] == ["b2"]
    with (gradebook.folder / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert rows["a1"]["email"] == "ada@example.org"
    assert rows["b2"]["name"] == "'=1+2"  # no formula for a spreadsheet
    assert rows["b2"]["small points"] == ""


@pytest.mark.parametrize("text", ["name,email\nx,y\n", "", "id,name\n,x\n", "\xff"])
def test_a_roster_that_is_none_is_told(text, gradebook, tmp_path):
    hand_in(gradebook.handed, "ann", RIGHT)
    (tmp_path / "roster.csv").write_bytes(text.encode("latin-1"))
    done = gradebook.run("grade", gradebook.handed, "--roster", tmp_path / "roster.csv")
    assert done.returncode == 2
    assert done.stderr.startswith("The roster")


def test_without_solutions_it_stops_and_goes_on_when_they_are_there(gradebook, tmp_path):
    hand_in(gradebook.handed, "ann", RIGHT)
    solution = gradebook.content / "solutions/small/total.py"
    kept = solution.read_text()
    solution.unlink()
    done = gradebook.run("grade", gradebook.handed, "--no-sandbox")
    assert done.returncode == 15
    assert "small/total" in done.stderr
    solution.write_text(kept)
    assert points(gradebook.grade()) == {"ann": 12.0}


def test_what_is_bad_in_one_way_has_that_ways_exit_code(gradebook):
    hand_in(gradebook.handed, "ann", RIGHT)
    (gradebook.handed / "bob").mkdir()
    (gradebook.handed / "bob" / f"{CHAPTER}.ipynb").write_text("not json")
    told = gradebook.grade(code=24)
    states = {each["student"]: (each["state"], each["trouble"]) for each in told["submissions"]}
    assert states == {"ann": ("graded", ""), "bob": ("failed", "not-json")}


def test_a_path_that_is_not_there_is_told(gradebook):
    done = gradebook.run("grade", gradebook.folder / "nowhere")
    assert done.returncode == 2
    assert "There is no file or folder" in done.stderr


def test_names_that_try_to_leave_the_folder_of_feedback_stay_in_it(gradebook):
    for name in ("..", "a b", "a:b", "<img src=x>", "ünï"):
        hand_in(gradebook.handed / "x" if name == ".." else gradebook.handed, name, WRONG)
    gradebook.grade()
    root = (gradebook.folder / "feedback").resolve()
    pages = list(gradebook.folder.glob("**/*.html"))
    assert len([page for page in pages if page.resolve().is_relative_to(root)]) == len(pages) - 1
    assert all("<img" not in page.read_text() for page in pages)


def test_an_answer_may_hold_what_no_database_wants(gradebook):
    odd = {**RIGHT, "total": "x = '\ud800 \x00'\n" + RIGHT["total"], "evens": "\ud800\n"}
    path = hand_in(gradebook.handed, "ann", RIGHT)
    told = json.loads(path.read_text())
    for cell in told["cells"][1:]:
        name = cell["metadata"]["workbook"]["exercise"]
        cell["source"] = f"%%exercise {name}\n{odd[name]}"
    path.write_text(json.dumps(told))
    graded = gradebook.grade()["submissions"][0]
    assert graded["state"] == "graded"
    assert graded["exercises"][2]["outcome"] == "passed"


def test_two_commands_on_one_gradebook_share_the_work(gradebook, tmp_path):
    wanted = a_class(gradebook.handed, 16)
    one = gradebook.start("grade", gradebook.handed, "--workers", "1", "--no-sandbox")
    two = gradebook.start("grade", gradebook.handed, "--workers", "1", "--no-sandbox")
    assert (one.wait(), two.wait()) == (0, 0)
    assert points(gradebook.grade()) == wanted
    assert gradebook.ask("say([Answer.objects.count(), Grade.objects.count()])") == [48, 48]


def test_a_worker_by_itself_grades_what_waits_and_stops_when_asked(gradebook):
    wanted = a_class(gradebook.handed, 4)
    gradebook.ask(
        "from workbook_site import intake; from workbook_site.grading import opening, run\n"
        "from workbook_site.grading.policy import Policy; from pathlib import Path\n"
        f"opening.open_gradebook(); run.begin(intake.read([Path({str(gradebook.handed)!r})]),"
        " policy=Policy())\n"
    )
    worker = gradebook.start("worker", "--no-sandbox")
    while gradebook.ask("say(store.open_submissions().count())"):
        assert worker.poll() is None
    worker.terminate()
    assert worker.wait() == 0
    told = gradebook.grade()
    assert told["graded"] == 0
    assert points(told) == wanted


def test_the_course_is_real(tmp_path):
    assert (course(tmp_path) / "solutions/small/total.py").is_file()
