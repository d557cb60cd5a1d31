"""Every chapter as a learner meets it: opened in Lab, run from the menu, answered by typing."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import started
from tests.browser.notebook import BOUND, Notebook
from workbook_site.checking.exercise import Exercise
from workbook_site.project import chapters

# Every cell of every chapter is proved without a browser (tests/notebooks). In Lab, those chapters
# are run to their end that show what no other does; each in a Lab of its own, two at once.
RUN = ("tasks", "consumers", "async_orm")
CHAPTERS = [chapter for name in RUN for chapter in chapters() if chapter.name == name]
AT_ONCE = 2

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
    """`ran(chapter)`: its notebook in Lab, with all cells run; the next ones run meanwhile."""
    begun, waiting = {}, list(CHAPTERS)
    with ExitStack() as stack:

        def begin(chapter):
            lab = stack.enter_context(started(tmp_path_factory.mktemp(chapter.name)))
            context = browser.new_context(viewport={"width": 1400, "height": 1000})
            stack.callback(context.close)
            begun[chapter] = Notebook(context.new_page(), lab, f"{chapter.stem}.ipynb")
            begun[chapter].run_all()

        def ended(chapter):
            ahead = CHAPTERS.index(chapter) + AT_ONCE
            while waiting and CHAPTERS.index(waiting[0]) < ahead:
                begin(waiting.pop(0))
            begun[chapter].ended()
            return begun[chapter]

        yield ended


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_run_all_ends_with_no_unexpected_error(ran, chapter, shots):
    notebook = ran(chapter)
    cells = notebook.save()
    assert list(errors(cells)) == []
    assert all(cell["execution_count"] for cell in cells if cell["cell_type"] == "code")
    timeline = notebook.panel.locator("svg[role=img]").first
    timeline.scroll_into_view_if_needed()
    expect(timeline).to_be_visible()
    shots(notebook.page, f"{notebook.name}-timeline")


def test_the_bar_fills_while_the_worker_works(ran, shots):
    """Chapter 09, at its end: a worker's progress reaches the page, step by step."""
    notebook = ran(next(chapter for chapter in CHAPTERS if chapter.name == "tasks"))
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


def test_the_live_page_is_under_its_cell(page, lab, shots):
    notebook = Notebook(page, lab, "00_three_problems.ipynb")
    notebook.run("await boot")
    frame = notebook.run("site.show").locator("iframe")
    expect(frame.content_frame.locator("h1, h2").first).to_be_visible(timeout=BOUND)
    shots(page, "live-page")


def test_a_wrong_answer_then_a_right_one_get_their_verdicts(page, lab, shots):
    notebook = Notebook(page, lab, "01_async_views.ipynb")
    exercise = Exercise.load("async_views", "status_page")
    notebook.run("await boot")
    verdict = notebook.answer(exercise.name, "def something_else(request):\n    return None\n")
    expect(verdict).to_contain_text("Not yet", timeout=BOUND)
    verdict.get_by_text("Hint 1 of").click()
    expect(verdict.get_by_text("Hint 2 of")).to_be_visible()
    shots(notebook.page, "not-yet")
    verdict = notebook.answer(exercise.name, exercise.solution)
    expect(verdict).to_contain_text("✓ Passed", timeout=BOUND)
    shots(notebook.page, "passed")
