"""`%%exercise` in a real kernel, with the real judge: saved, reloaded, judged in one gesture."""

import json

from tests.live.conftest import PAGES

RIGHT = "%%exercise double\ndef double(n):\n    return n * 2\n"
WRONG = RIGHT.replace("n * 2", "n + 2")
UNTRIED = RIGHT.replace("return n * 2", "raise NotImplementedError")
REPORT = "application/vnd.workbook.report+json"


def report(shown):
    [found] = [each[REPORT] for each in shown.data if REPORT in each]
    return found


def progress(kernel):
    told = json.loads((kernel.workspace / ".workbook/progress.json").read_text())
    return told["first/double"]


def test_from_wrong_to_right(booted):
    shown = booted.good(WRONG)
    assert report(shown)["outcome"] == "not yet"
    assert "Seven becomes fourteen." in shown.plain
    assert "<details" in shown.html
    assert booted.value("double(7)") == 9
    assert progress(booted)["outcome"] == "not yet"

    shown = booted.good(RIGHT)
    assert report(shown)["outcome"] == "passed"
    assert "return 2 * n" in shown.html  # the solution, for comparison
    assert booted.value("double(7)") == 14
    written = (booted.newsroom / "pages/sums.py").read_text()
    assert written == "# --- double ---\ndef double(n):\n    return n * 2\n"
    assert "# the pages" in (booted.newsroom / "pages/__init__.py").read_text()

    told = progress(booted)
    assert (told["outcome"], told["points"], told["tries"]) == ("passed", 2.0, 2)
    booted.good(WRONG)
    assert progress(booted)["outcome"] == "passed"


def test_an_answer_that_does_not_load_is_judged_and_the_site_goes_on(booted):
    booted.good(RIGHT)
    shown = booted.good(RIGHT.replace("(n):", "(n)"))
    assert report(shown)["outcome"] == "not yet"
    assert "SyntaxError" in shown.plain
    assert "the site goes on as it was before" in shown.printed
    assert "return n * 2" in (booted.newsroom / "pages/sums.py").read_text()
    booted.good(PAGES)
    assert booted.value('(await site.get("/hello/")).status_code') == 200


def test_the_name_may_hold_the_chapter(booted):
    shown = booted.good(RIGHT.replace("double", "first/double", 1))
    assert report(shown)["outcome"] == "passed"


def test_an_unknown_exercise_names_the_near_ones(booted):
    shown = booted.run(RIGHT.replace("double", "dubble", 1))
    assert shown.traceback == "There is no exercise 'dubble'. Did you mean double?"


def test_a_verdict_belongs_to_its_cell_and_the_next_cell_waits(booted):
    sent = [booted.send(UNTRIED), booted.send("print('after')")]
    first, second = (booted.result(each) for each in sent)
    assert report(first)["exercise"] == "double"
    assert second.printed == "after\n"
    assert second.data == []


def test_interrupting_the_judge(booted):
    sent = booted.send(RIGHT.replace("    return", "    print('judged')\n    while True: pass\n#"))
    booted.manager.interrupt_kernel()
    booted.result(sent)
    assert report(booted.good(RIGHT))["outcome"] == "passed"


def test_nbgraders_locked_cell_tells_the_last_verdict_and_judges_nothing_again(booted):
    ask = 'from workbook_site.nbgrader import points\n\npoints("first/double")'
    booted.good(WRONG)
    shown = booted.good(ask)
    assert shown.printed.startswith("0 of 2 points: what the exercise's cell was judged as")
    assert [each["text/plain"] for each in shown.data] == ["0.0"]
    booted.good(RIGHT)
    tries = progress(booted)["tries"]
    assert booted.value('points("first/double")') == 2.0
    assert progress(booted)["tries"] == tries
