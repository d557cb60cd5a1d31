"""Errors as a notebook shows them, by IPython's own renderer."""

import linecache
import sys
import traceback

import pytest
from IPython.core.ultratb import AutoFormattedTB

from workbook_site.live import tracebacks

# json's error is caught and raised anew, as libraries do.
CHAIN = """
import json

def learners_own():
    try:
        json.loads("{")
    except ValueError as error:
        raise LookupError("no figures") from error
"""

# The cause has no line of the learner's: `logging.config` asks and translates.
FOREIGN_CAUSE = """
import logging.config

def learners_own():
    logging.config.dictConfig({"version": 1, "root": {"level": "NONE"}})
"""


class Shell:
    """The one part of IPython's shell that is asked."""

    def __init__(self, mode="Context"):
        self.InteractiveTB = AutoFormattedTB(mode=mode, theme_name="nocolor", tb_offset=1)


@pytest.fixture
def shown(tmp_path):
    """What a shell shows of the error of `learners_own()` in a file with this source."""

    def show(source, shell):
        path = tmp_path / "cell.py"
        path.write_text(source)
        linecache.checkcache()
        names = {}
        exec(compile(source, str(path), "exec"), names)
        try:
            names["learners_own"]()
        except Exception:
            return "\n".join(shell.InteractiveTB.structured_traceback(*sys.exc_info(), tb_offset=1))
        raise AssertionError("it raised nothing")

    return show


@pytest.fixture
def shell():
    shell = Shell()
    tracebacks.shorten(shell)
    return shell


def test_the_learners_line_and_the_one_that_raised_are_shown(shown, shell):
    told = shown(FOREIGN_CAUSE, shell)
    assert 'logging.config.dictConfig({"version"' in told
    assert told.count("File ") == 2
    assert told.strip().endswith("ValueError: Unable to configure root logger")


def test_it_says_what_was_left_out(shown, shell):
    source = 'import json\ndef learners_own():\n    json.loads("{")\n'
    steps = [line for line in shown(source, shell).splitlines() if "left out" in line]
    assert steps == []  # the way leads through Python's own library only
    source = "import httpx\ndef learners_own():\n    httpx.get('gopher://x')\n"
    (step,) = [line for line in shown(source, shell).splitlines() if "left out" in line]
    assert step.startswith("(")
    assert "inside httpx" in step
    assert "%tb" in step


def test_a_cause_within_libraries_is_left_out(shown, shell):
    told = shown(FOREIGN_CAUSE, shell)
    assert "During handling" not in told
    assert "direct cause" not in told


def test_the_exception_itself_stays_as_it_was(shell):
    names = {}
    exec(CHAIN, names)
    with pytest.raises(LookupError) as caught:
        names["learners_own"]()
    error = caught.value
    before = "".join(traceback.format_exception(error))
    shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__)
    assert "".join(traceback.format_exception(error)) == before


def test_a_cause_with_a_line_of_the_learners_is_kept(shown, shell):
    told = shown(CHAIN, shell)
    assert "JSONDecodeError" in told
    assert told.strip().endswith("LookupError: no figures")


def test_whoever_asks_for_all_gets_all(shown):
    short, whole = Shell(), Shell("Verbose")
    tracebacks.shorten(short)
    tracebacks.shorten(whole)
    assert shown(CHAIN, short).count("File ") < shown(CHAIN, whole).count("File ")
    short.InteractiveTB.set_mode("Verbose")
    assert shown(CHAIN, short).count("File ") == shown(CHAIN, whole).count("File ")


def test_shortening_twice_is_shortening_once(shown, shell):
    tracebacks.shorten(shell)
    assert shown(FOREIGN_CAUSE, shell).count("left out") <= 1
