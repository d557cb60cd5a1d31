"""Every chapter as a learner meets it: opened in Lab, run from the menu, answered by typing."""

import pytest
from playwright.sync_api import expect

from tests.browser.notebook import BOUND, Notebook
from workbook_site.checking.exercise import Exercise
from workbook_site.project import chapters

# Chapter 09 is run to its end by test_progress.py, which goes on from there.
CHAPTERS = [chapter.name for chapter in chapters() if chapter.name != "tasks"]


def errors(cells):
    """What went wrong without a tag that announces it."""
    for cell in cells:
        if "raises-exception" in cell["metadata"].get("tags", []):
            continue
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                yield cell["id"], output["ename"], output["evalue"]


@pytest.fixture
def notebook(page, lab, request):
    chapter = next(each for each in chapters() if each.name == request.param)
    return Notebook(page, lab, f"{chapter.stem}.ipynb")


@pytest.mark.parametrize("notebook", CHAPTERS, indirect=True)
def test_run_all_ends_with_no_unexpected_error(notebook, shots):
    notebook.run_all()
    cells = notebook.save()
    assert list(errors(cells)) == []
    assert all(cell["execution_count"] for cell in cells if cell["cell_type"] == "code")
    timeline = notebook.panel.locator("svg[role=img]").first
    timeline.scroll_into_view_if_needed()
    expect(timeline).to_be_visible()
    shots(notebook.page, f"{notebook.name}-timeline")


def test_the_live_page_is_under_its_cell(page, lab, shots):
    notebook = Notebook(page, lab, "00_three_problems.ipynb")
    notebook.run("await boot")
    frame = notebook.run("site.show").locator("iframe")
    expect(frame.content_frame.locator("h1, h2").first).to_be_visible(timeout=BOUND)
    shots(page, "live-page")


@pytest.mark.parametrize("notebook", ["async_views"], indirect=True)
def test_a_wrong_answer_then_a_right_one_get_their_verdicts(notebook, shots):
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
