"""A verdict as its reader sees it: HTML and terminal say the same."""

from html.parser import HTMLParser

import pytest

from workbook_site.checking import FailureData, Outcome, Report, Result, html, terminal
from workbook_site.checking.standing import Standing

HINTS = ("Where do you `await`?", "Use gather.", "It is one line.")


def result(sentence, outcome=Outcome.PASSED, failure=None):
    return Result("check", sentence, outcome, float(outcome == "passed"), 1.0, failure)


def report(outcome=Outcome.NOT_YET, *results, **fields):
    return Report("ask", "async_views", "Ask <both>", outcome, 1.0, 3.0, results, **fields)


TOGETHER = FailureData(
    "Calls in flight.", "2", "<b>1</b>", "`gather` starts all.", "line 3, in ask"
)
WRONG = report(
    Outcome.NOT_YET,
    result("The page answers."),
    result("Both are asked together.", Outcome.NOT_YET, TOGETHER),
    result("A failure is survived.", Outcome.NOT_YET, FailureData("It was not.")),
    output="printed <i>here</i>",
    hints=HINTS,
)


class Reader(HTMLParser):
    """Reads a panel: its words, what is folded, and whether every tag is closed."""

    VOID = frozenset({"br", "hr", "img"})

    def __init__(self, page):
        super().__init__()
        self.open, self.words, self.folds, self.tags = [], [], {}, set()
        self.feed(page)
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)
        if "summary" in self.open:
            self.folds[data] = self.open.count("details")

    @property
    def text(self):
        return " ".join(self.words)


def test_the_first_failure_is_told_in_full():
    seen = Reader(html.render(WRONG))
    for words in ("Not yet", "1 of 3 points", "expected", "2", "<b>1</b>", "starts all.", "line 3"):
        assert words in seen.text
    assert seen.folds["What was seen"] == 1


def test_what_an_answer_printed_stays_text():
    page = html.render(WRONG)
    assert "<i>here</i>" not in page
    assert "&lt;i&gt;here&lt;/i&gt;" in page
    assert "&lt;both&gt;" in page


def test_hints_open_one_by_one():
    folds = Reader(html.render(WRONG)).folds
    assert [folds[f"Hint {number} of 3"] for number in (1, 2, 3)] == [1, 2, 3]


def test_the_solution_is_shown_when_it_is_passed_in_only():
    assert "ours = 1" not in html.render(WRONG)
    assert "ours = 1" in html.render(WRONG, Standing(solution="ours = 1"))
    passed = Reader(html.render(report(Outcome.PASSED), Standing(solution="ours = 1")))
    assert "Our solution, for comparison" in passed.folds
    assert not any("Hint" in fold for fold in passed.folds)


def test_progress_is_told_in_words():
    assert "2 of 5 exercises" in Reader(html.render(WRONG, Standing(2, 5))).text


def test_our_fault_says_so_and_folds_our_traceback():
    broke = result("It answers.", Outcome.OUR_FAULT, FailureData("Broke.", traceback="our line"))
    seen = Reader(html.render(report(Outcome.OUR_FAULT, broke)))
    assert "costs you nothing" in seen.text
    assert "For the maintainers" in seen.folds


@pytest.mark.parametrize("outcome", Outcome)
def test_a_panel_needs_no_script_and_no_style_sheet(outcome):
    seen = Reader(html.render(report(outcome, result("One.", outcome), hints=HINTS)))
    assert not seen.tags & {"script", "style", "link", "img", "iframe"}


def test_the_terminal_says_the_same():
    told = terminal.render(WRONG, Standing(2, 5))
    for words in ("✗ Not yet: Ask <both> (1 of 3 points)", "expected: 2", "your answer gave: <b>1"):
        assert words in told
    assert "Hint 1 of 3: Where" in told
    assert "Use gather" not in told
    assert "2 of 5" in told


def test_a_report_survives_json():
    assert Report.from_json(WRONG.to_json()) == WRONG
