"""Every chapter as a learner meets it: opened in Lab, run from the menu, answered by typing."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import started
from tests.browser.notebook import BOUND, Notebook
from workbook_site.checking.exercise import Exercise
from workbook_site.project import chapters

# Every cell of every chapter is proved without a browser (tests/notebooks). In Lab, those chapters
# are run to their end that show what no other does; at once, each in a Lab of its own.
TASKS, CONSUMERS = (
    next(chapter for chapter in chapters() if chapter.name == name)
    for name in ("tasks", "consumers")
)

# Keeps each value that the bar takes on.
KEEP = """bar => {
  window.seen = [];
  new MutationObserver(() => window.seen.push(bar.value)).observe(bar, { attributes: true });
}"""


def errors(cells):
    """What went wrong without a tag that announces it."""
    for cell in cells:
        if "raises-exception" in cell["metadata"].get("tags", []):
            continue
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                yield cell["id"], output["ename"], output["evalue"]


@pytest.fixture(scope="module")
def ran(browser, tmp_path_factory):
    """The notebooks of these chapters in Lab, with all cells run: chapter -> Notebook."""
    with ExitStack() as stack:
        opened = {}
        for chapter in (TASKS, CONSUMERS):
            lab = stack.enter_context(started(tmp_path_factory.mktemp(chapter.name)))
            context = browser.new_context(viewport={"width": 1400, "height": 1000})
            stack.callback(context.close)
            opened[chapter] = Notebook(context.new_page(), lab, f"{chapter.stem}.ipynb")
            opened[chapter].run_all()
        for notebook in opened.values():
            notebook.ended()
        yield opened


@pytest.mark.parametrize("chapter", [TASKS, CONSUMERS], ids=lambda chapter: chapter.name)
def test_run_all_ends_with_no_unexpected_error(ran, chapter, shots):
    notebook = ran[chapter]
    cells = notebook.save()
    assert list(errors(cells)) == []
    assert all(cell["execution_count"] for cell in cells if cell["cell_type"] == "code")
    timeline = notebook.panel.locator("svg[role=img]").first
    timeline.scroll_into_view_if_needed()
    expect(timeline).to_be_visible()
    shots(notebook.page, f"{notebook.name}-timeline")


def test_the_bar_fills_while_the_worker_works(ran, shots):
    """Chapter 09, at its end: a worker's progress reaches the page, step by step."""
    notebook = ran[TASKS]
    frame = notebook.panel.locator("iframe").last
    frame.scroll_into_view_if_needed()
    report = frame.content_frame
    state, bar = report.get_by_role("status"), report.get_by_role("progressbar")
    expect(state).to_have_text("waiting, 0 of 0", timeout=BOUND)
    bar.evaluate(KEEP)
    report.get_by_role("button", name="Make the report").click()
    expect(state).to_contain_text("working", timeout=BOUND)
    shots(notebook.page, "progress-working")
    expect(state).to_have_text("done, 20 of 20", timeout=BOUND)
    shots(notebook.page, "progress-done")
    seen = bar.evaluate("() => window.seen")
    assert seen == sorted(seen)
    assert set(seen) == set(range(21))


def test_a_wrong_answer_then_a_right_one_get_their_verdicts(ran, shots):
    notebook = ran[CONSUMERS]
    exercise = Exercise.load("consumers", "tally")
    verdict = notebook.answer(exercise.name, "class SomethingElse:\n    pass\n")
    expect(verdict).to_contain_text("Not yet", timeout=BOUND)
    verdict.get_by_text("Hint 1 of").click()
    expect(verdict.get_by_text("Hint 2 of")).to_be_visible()
    shots(notebook.page, "not-yet")
    verdict = notebook.answer(exercise.name, exercise.solution)
    expect(verdict).to_contain_text("✓ Passed", timeout=BOUND)
    shots(notebook.page, "passed")


def test_the_live_pages_are_under_their_cell(ran, shots):
    notebook = ran[CONSUMERS]
    frames = notebook.run("site.show_two").locator("iframe")
    expect(frames).to_have_count(2)
    for frame in (frames.first, frames.last):
        expect(frame.content_frame.locator("h1, h2").first).to_be_visible(timeout=BOUND)
    shots(notebook.page, "live-pages")
