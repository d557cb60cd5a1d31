"""Outcomes, points and words of a verdict."""

import pytest

from tests.judge.conftest import DOUBLE, RIGHT, exercise, it_doubles, it_says_what_it_is, project
from workbook_site.checking import Exercise, FailureData, Outcome, Report, Result, equal
from workbook_site.judge import verdict
from workbook_site.judge.cell import told_in_the_cell
from workbook_site.project import Project


def outcomes(report):
    return [each.outcome for each in report.results]


def test_a_right_answer_passes_with_all_points(judged):
    report = judged(RIGHT)
    assert (report.outcome, report.points, report.possible) == (Outcome.PASSED, 3.0, 3.0)
    assert outcomes(report) == [Outcome.PASSED] * 3
    assert (report.hints, report.seed) == (("Two times.", "2 * n"), 1)
    assert Report.from_json(report.to_json()) == report


def test_checks_share_the_points(judged):
    report = judged(RIGHT.replace('"async"', '"sync"'))
    assert (report.outcome, report.points) == (Outcome.NOT_YET, 2.0)
    assert outcomes(report) == [Outcome.PASSED, Outcome.NOT_YET, Outcome.PASSED]
    failure = report.first_failure.failure
    assert (failure.expected, failure.actual) == ("{'kind': 'async'}", "{'kind': 'sync'}")


def test_an_exception_in_a_view_is_told_with_the_learners_line(judged):
    report = judged(RIGHT.replace('2 * int(request.GET["n"])', "2 * n"))
    failure = report.first_failure.failure
    assert failure.message == "Your code raised NameError: name 'n' is not defined"
    assert failure.actual.startswith("mysite/views.py, line 5: ")


def test_prints_are_kept_and_need_no_flush(judged):
    report = judged("import sys\n" + RIGHT + '\nprint("at import")\nprint("no", file=sys.stderr)')
    assert report.outcome is Outcome.PASSED
    assert report.output == "at import\nno\n"


def test_every_check_begins_with_a_fresh_database_queue_and_mailbox(judged):
    async def add(site):
        assert await site.rows("auth.User") == []
        assert await site.outbox() == []
        assert site.upstream.calls == []
        await site.add("auth.User", username="ada")
        (await site.get("/kind/")).status(200)
        equal(len(await site.outbox()), 1)
        equal(len(site.upstream.calls), 1)

    answer = """
        import httpx
        from django.conf import settings
        from django.core.mail import send_mail
        from django.http import JsonResponse

        def double(request): ...

        def kind(request):
            send_mail("a", "b", "a@example.com", ["b@example.com"])
            httpx.get(settings.UPSTREAM_URL + "/payments/")
            return JsonResponse({})
    """
    report = judged(answer, exercise(add, add, add))
    assert report.outcome is Outcome.PASSED, report


def test_a_check_that_breaks_is_our_fault_and_costs_nothing(judged):
    async def it_breaks(site):
        (await site.get("/kind/")).status(200)
        raise RuntimeError("ours")

    report = judged(RIGHT, exercise(it_doubles, it_breaks))
    assert (report.outcome, report.points, report.possible) == (Outcome.OUR_FAULT, 1.5, 1.5)
    assert "RuntimeError: ours" in report.results[1].failure.traceback

    report = judged(RIGHT.replace('"async"', "0"), exercise(it_breaks, it_says_what_it_is))
    assert (report.outcome, report.points, report.possible) == (Outcome.NOT_YET, 0.0, 1.5)


def test_a_chapter_that_breaks_is_our_fault(court):
    judge, run = court
    broken = project(RIGHT)
    broken.files["mysite/settings.py"] += "1 / 0"
    report = run(judge.judge(DOUBLE, project(RIGHT), broken))
    assert (report.outcome, report.possible) == (Outcome.OUR_FAULT, 0.0)
    assert "ZeroDivisionError" in report.first_failure.failure.traceback


@pytest.mark.parametrize(
    ("answer", "tried"),
    [
        ("", False),
        ("\n# only a comment\n", False),
        ("def f():\n    # Your code here\n    raise NotImplementedError\n", False),
        ("def f() :\n\n        raise NotImplementedError  # soon", False),
        ("def f():\n    return 1\n", True),
        ("def f():\n    raise NotImplementedError\nx = 1", True),
        ("def f(:\n", True),
    ],
)
def test_an_answer_that_says_no_more_than_the_starter_was_not_tried(answer, tried):
    starter = "def f():\n    # Your code here\n    raise NotImplementedError\n"
    assert verdict.tried(answer, starter) is tried


@pytest.mark.parametrize(("answer", "tried"), [("{% if x  %}\n", False), ("{% if y %}", True)])
def test_templates_are_compared_by_their_words(answer, tried):
    assert verdict.tried(answer, "{% if x %}") is tried


# --- Lines ---


@pytest.mark.parametrize("before", ["", "\n  \nimport asyncio\n\n\n"])
def test_a_line_of_the_answer_is_told_as_the_cell_has_it(grade, before):
    """The file around it is the judge's own; the first line of a cell is its magic."""
    exercise = Exercise.load("three_problems", "one_article")
    answer = f"{before}def one_article(request, number):\n    found = nothing\n"
    failure = grade(exercise, answer).first_failure.failure
    number = before.count("\n") + 3
    assert failure.actual == f"line {number} of your cell: found = nothing"
    assert f"line {number} of your cell, in one_article\n" in failure.traceback
    assert "blog/views.py" not in failure.traceback


def test_a_slip_of_the_pen_is_told_so_too(grade):
    exercise = Exercise.load("three_problems", "one_article")
    failure = grade(exercise, "def one_article(request, number)\n    pass\n").first_failure.failure
    assert failure.actual == "line 2 of your cell: def one_article(request, number)"


def test_only_lines_of_the_answer_are_told_so():
    project = Project(
        {"a/views.py": "import os\n\n\n# --- one ---\nx = 1\ny = 2\n\n\n# --- two ---\n"}
    )
    told = "".join(
        f"{file}, line {n}\n" for file in ("a/views.py", "b/a/views.py") for n in (1, 5, 6, 7)
    )

    def rewritten(outcome):
        result = Result("a", "A.", outcome, 0.0, 1.0, FailureData("m", traceback=told))
        report = Report("one", "chapter", "One", outcome, 0.0, 1.0, (result,))
        (result,) = told_in_the_cell(report, project, "a/views.py", "x = 1\ny = 2\n").results
        return result.failure.traceback

    others = (
        "b/a/views.py, line 1\nb/a/views.py, line 5\nb/a/views.py, line 6\nb/a/views.py, line 7\n"
    )
    cell = "line 2 of your cell\nline 3 of your cell\n"
    assert rewritten(Outcome.NOT_YET) == f"a/views.py, line 1\n{cell}a/views.py, line 7\n{others}"
    assert rewritten(Outcome.OUR_FAULT) == told
