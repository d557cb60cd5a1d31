"""Long work says what it is doing: one line, and the last word stays."""

from tests.live.kernels import BOOT
from workbook_site.live.steps import Steps

WORK = """\
from workbook_site.live.steps import Steps
with Steps() as steps:
    steps.now("1 of 2: <looking> …")
    {then}
"""


def test_the_last_word_stays_and_is_escaped(booted):
    shown = booted.good(WORK.format(then='steps.now("2 of 2: <done>")'))
    assert shown.plain == "2 of 2: <done>"
    assert "&lt;done&gt;" in shown.html


def test_work_that_breaks_off_says_where(booted):
    shown = booted.run(WORK.format(then="1 / 0"))
    assert shown.ename == "ZeroDivisionError"
    assert shown.plain == "Not finished: 1 of 2: <looking>"


def test_boot_ends_with_the_address(booted):
    shown = booted.good(BOOT)
    assert shown.plain == f"The site runs at {booted.value('site.url')}"


def test_outside_of_a_notebook_nothing_is_said(capsys):
    with Steps() as steps:
        steps.now("Looking …")
    assert capsys.readouterr().out == ""
