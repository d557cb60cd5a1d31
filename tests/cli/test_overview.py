"""What is said to someone who names no command, or one that is none."""

import pytest

from workbook_site import command_line, exits, overview


@pytest.mark.parametrize("words", [[], ["help"], ["--help"], ["-h"]])
def test_no_command_shows_what_there_is_and_where_to_begin(words, capsys):
    assert command_line.main(words) == 0
    shown = capsys.readouterr().out
    assert "python3 -m workbook_site lab" in shown
    for name in overview.names():
        assert f"  {name:<10}{overview.summary(name)}\n" in shown


def test_only_commands_that_exist_are_shown(monkeypatch, tmp_path):
    help_text = "class Command:\n    help = 'Grade {0}. And more.'\n"
    for name in ("grade", "brew"):
        (tmp_path / f"{name}.py").write_text(help_text.format(name))
    monkeypatch.setattr(overview, "COMMANDS", tmp_path)
    shown = overview.text()
    assert "To teach\n  grade     Grade grade.\n" in shown
    assert "And\n  brew      Grade brew.\n" in shown
    assert "To learn" not in shown
    assert "gradebook" not in shown


@pytest.mark.parametrize("name", overview.names())
def test_each_command_says_what_it_is_for(name):
    assert overview.summary(name), f"Give the Command in {name}.py a help = '...'"


@pytest.mark.parametrize(
    ("typed", "said"), [("lba", "Did you mean lab?"), ("zzzz", "The commands are build, grade")]
)
def test_an_unknown_command_is_answered_with_the_near_ones(typed, said, capsys):
    assert command_line.main([typed]) == exits.USAGE
    told = capsys.readouterr()
    assert told.out == ""
    assert f"There is no command {typed!r}. {said}" in told.err


def test_the_answers_need_no_environment(checkout):
    code, out, _ = checkout.call()
    assert (code, "Begin with" in out) == (0, True)
    assert checkout.call("lba")[0] == exits.USAGE
    assert not checkout.venv.exists()
