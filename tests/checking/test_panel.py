"""The panel and the terminal text: what a report says to whoever reads it."""

import re
from html.parser import HTMLParser

import pytest

from workbook_site.checking import FailureData, Outcome, Report, Result, html, terminal, words
from workbook_site.checking.standing import Standing

WRONG = FailureData(
    "The calls were made <b>one</b> after the other.",
    expected="{'in flight': 2}",
    actual="{'in flight': 1}",
    nudge="`asyncio.gather` starts **all** of them.",
)
RAISED = FailureData(
    "Your code raised KeyError: 'total'",
    actual="blog/views.py, line 3: data['total']",
    nudge="",
    traceback="blog/views.py, line 3, in view\n    data['total']\nKeyError: 'total'",
)
HINTS = ("First `this`.", "Then that.", "At last.")


def report(*outcomes, failure=None, **more):
    """A report on one check for each outcome; all failed ones have the failure."""
    results = tuple(
        Result(
            f"check_{number}",
            f"Sentence {number} & more.",
            outcome,
            1.0 if outcome is Outcome.PASSED else 0.0,
            1.0,
            failure if outcome in (Outcome.NOT_YET, Outcome.OUR_FAULT) else None,
        )
        for number, outcome in enumerate(outcomes, 1)
    )
    worst = max(outcomes, key=list(Outcome).index) if outcomes else Outcome.NOT_TRIED
    points = sum(each.points for each in results)
    possible = float(len(results))
    shown = Report("name", "chapter", "A title", worst, points, possible, results, hints=HINTS)
    return Report(**{**vars(shown), **more})


PASSED, NOT_YET = Outcome.PASSED, Outcome.NOT_YET
EVERY = {
    "passed": report(PASSED, PASSED),
    "not yet": report(PASSED, NOT_YET, NOT_YET, failure=WRONG, output="<printed>\n"),
    "raised": report(NOT_YET, failure=RAISED),
    "not tried": report(Outcome.NOT_TRIED),
    "our fault": report(PASSED, Outcome.OUR_FAULT, failure=RAISED),
}


class Page(HTMLParser):
    """Elements, and whether they are closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.depth = [], [], 0
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.append((tag, dict(attrs)))
        self.depth = max(self.depth, self.open.count("details"))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def text_of(panel):
    return re.sub(r"<[^>]+>", "", panel)


@pytest.mark.parametrize("name", EVERY)
def test_a_panel_is_plain_html_with_inline_styles(name):
    page = Page(html.render(EVERY[name], Standing(1, 4, "x < 1")))
    tags = {tag for tag, _ in page.seen}
    assert tags <= {
        *("section", "div", "span", "p", "ul", "li", "pre", "details", "summary"),
        *("code", "strong", "mark", "em"),
    }
    attributes = {name for _, found in page.seen for name in found}
    assert attributes <= {"style", "aria-label", "aria-hidden", "role", "title", "tabindex"}
    for _, found in page.seen:
        assert "{" not in found.get("style", "")


def test_what_a_learner_wrote_is_text_not_html():
    panel = html.render(EVERY["not yet"])
    assert "one</b>" not in panel
    assert "&lt;printed&gt;" in panel
    assert "Sentence 1 &amp; more." in panel


def test_the_outcome_is_told_by_a_word_and_a_sign():
    for name, shown in EVERY.items():
        if name == "raised":
            continue
        assert f"{words.SYMBOLS[shown.outcome]} {words.WORDS[shown.outcome]}" in text_of(
            html.render(shown)
        )


def test_the_first_failure_is_told_in_full_and_the_others_are_folded():
    panel = html.render(EVERY["not yet"])
    first, _, rest = text_of(panel).partition("Sentence 3")
    assert "after the other" in first
    assert "What was seen" in rest
    assert "What was seen" not in first


def test_what_differs_is_marked():
    panel = html.render(EVERY["not yet"])
    marked = re.findall(r"<mark[^>]*>(.*?)</mark>", panel)
    assert marked == ["2", "1", "2", "1"]


def test_hints_lie_inside_each_other():
    page = Page(html.render(EVERY["not yet"]))
    assert page.depth == 3
    assert "Hint 1 of 3" in html.render(EVERY["not tried"])
    assert "Hint" not in html.render(EVERY["passed"])


def test_the_place_of_an_exception_and_its_traceback():
    text = text_of(html.render(EVERY["raised"]))
    assert "Where" in text
    assert "Your traceback" in text
    assert "Expected" not in text
    assert "For the maintainers" in text_of(html.render(EVERY["our fault"]))


def test_solution_and_progress_when_they_are_given():
    given = Standing(3, 9, "x = 1\n")
    assert "Our solution, for comparison" in html.render(EVERY["passed"], given)
    assert "Show the solution" in html.render(EVERY["not yet"], given)
    assert "solution" not in html.render(EVERY["passed"])
    assert "3 of 9 exercises of this chapter solved" in html.render(EVERY["passed"], given)
    assert "exercises" not in html.render(EVERY["passed"], Standing())


def test_a_fault_of_ours_says_so():
    text = text_of(html.render(EVERY["our fault"]))
    assert "costs you nothing" in text
    assert "For the maintainers" in text


def _luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", html._COLOURS.values())
def test_white_text_on_the_colours_can_be_read(colour):
    assert 1.05 / (_luminance(colour) + 0.05) >= 4.5


@pytest.mark.parametrize(
    ("one", "two", "differs"),
    [
        ("total: 12", "total: 17", ("12", "17")),
        ("same", "same", ("", "")),
        ("['a', 'b']", "['a']", (", 'b'", "")),
        ("1.25", "1.35", ("1.25", "1.35")),
        ("", "x", ("", "x")),
    ],
)
def test_the_parts_that_differ_are_whole_words(one, two, differs):
    before, after = words.alike(one, two)
    assert (one[before : len(one) - after], two[before : len(two) - after]) == differs


# --- Terminal ---


@pytest.mark.parametrize("name", EVERY)
def test_the_terminal_says_the_same(name):
    shown = EVERY[name]
    text = terminal.render(shown, Standing(1, 4, "ours = 1"))
    assert text.startswith(f"{words.SYMBOLS[shown.outcome]} {words.WORDS[shown.outcome]}")
    assert "\x1b" not in text
    assert "1 of 4 exercises of this chapter solved" in text
    assert max(map(len, text.splitlines())) <= terminal.WIDTH
    assert ("ours = 1" in text) is (shown.outcome is PASSED)
    assert "Hint 2" not in text


def test_the_terminal_shows_one_hint_while_it_is_wanted():
    assert "Hint 1 of 3: First `this`." in terminal.render(EVERY["not yet"])
    assert "Hint" not in terminal.render(EVERY["passed"])


def test_the_terminal_shows_expected_and_actual():
    text = terminal.render(EVERY["not yet"])
    assert "Expected:  {'in flight': 2}" in text
    assert "What came: {'in flight': 1}" in text
    assert "<printed>" in text


def test_colours_only_when_asked_for():
    assert terminal.render(EVERY["passed"], colour=True).startswith("\x1b[1;32m✓ Passed\x1b[0m")


def test_a_report_survives_json():
    for shown in EVERY.values():
        assert Report.from_json(shown.to_json()) == shown
