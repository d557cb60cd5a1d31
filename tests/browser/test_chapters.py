"""A chapter as a learner meets it: opened in Lab, run from the menu, answered by typing."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.notebook import BOUND, Notebook
from workbook_site import places
from workbook_site.checking.exercise import Exercise
from workbook_site.project import after, find
from workbook_site.project.lay import write

# Every cell of every chapter is proved without a browser (tests/notebooks). In Lab, one is run to
# its end, and one is come back to; two panes that talk are in tests/browser/test_panes.py.
VIEWS, TASKS = find("async_views"), find("tasks")

# What a learner runs of chapter 09 to see its progress bar again, on the day after.
DAY_AFTER = [
    'from workbook_site import boot\nsite = await boot("tasks")',
    'valkey = site.start("valkey")',
    'queue = site.start("huey", workers=2)',
    """\
from blog.models import Author, Post, Report

ada = await Author.objects.acreate(name="Ada", email="ada@newsroom.example")
for n in range(20):
    await Post.objects.acreate(title=f"Post {n}", slug=f"post-{n}", author=ada)
""",
]

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
def ran(browser, lab):
    """The notebook of chapter 01 in Lab, with all cells run."""
    yield from run_to_the_end(browser, lab, f"{VIEWS.stem}.ipynb")


@pytest.fixture
def reported(ran):
    """A notebook that ends with the progress bar of chapter 09, in the same Lab: the kernel of the
    one before is gone, as on the day after."""
    lab = ran.lab
    ran.page.close()
    lab.end_kernels()
    for path, text in after(TASKS).files.items():
        write(lab.workspace / "newsroom" / path, text)
    printed = json.loads((places.notebooks() / f"{TASKS.stem}.ipynb").read_text())
    shown = next(cell for cell in printed["cells"] if "site.show(" in "".join(cell["source"]))
    cells = [{**shown, "id": f"again-{n}", "source": text} for n, text in enumerate(DAY_AFTER)]
    notebook = {**printed, "cells": [*cells, shown]}
    (lab.workspace / "again.ipynb").write_text(json.dumps(notebook))
    yield from run_to_the_end(ran.page.context.browser, lab, "again.ipynb")


def run_to_the_end(browser, lab, name):
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    opened = Notebook(context.new_page(), lab, name)
    opened.run_all()
    opened.ended()
    yield opened
    context.close()


def test_run_all_ends_with_no_unexpected_error(ran, shots):
    cells = ran.save()
    assert list(errors(cells)) == []
    assert all(cell["execution_count"] for cell in cells if cell["cell_type"] == "code")
    timeline = ran.panel.locator("svg[role=img]").first
    timeline.scroll_into_view_if_needed()
    expect(timeline).to_be_visible()
    shots(ran.page, "timeline")


def test_a_wrong_answer_then_a_right_one_get_their_verdicts(ran, shots):
    exercise = Exercise.load(VIEWS.name, "receipt")
    verdict = ran.answer(exercise.name, "class SomethingElse:\n    pass\n")
    expect(verdict).to_contain_text("Not yet", timeout=BOUND)
    verdict.get_by_text("Hint 1 of").click()
    expect(verdict.get_by_text("Hint 2 of")).to_be_visible()
    shots(ran.page, "not-yet")
    verdict = ran.answer(exercise.name, exercise.solution)
    expect(verdict).to_contain_text("✓ Passed", timeout=BOUND)
    shots(ran.page, "passed")


def test_the_bar_fills_while_the_worker_works(reported, shots):
    """Chapter 09, at its end: a worker's progress reaches the page, step by step."""
    assert list(errors(reported.save())) == []
    frame = reported.panel.locator("iframe").last
    frame.scroll_into_view_if_needed()
    report = frame.content_frame
    state, bar = report.get_by_role("status"), report.get_by_role("progressbar")
    expect(state).to_have_text("waiting, 0 of 0", timeout=BOUND)
    bar.evaluate(KEEP)
    report.get_by_role("button", name="Make the report").click()
    expect(state).to_contain_text("working", timeout=BOUND)
    shots(reported.page, "progress-working")
    expect(state).to_have_text("done, 20 of 20", timeout=BOUND)
    shots(reported.page, "progress-done")
    seen = bar.evaluate("() => window.seen")
    assert seen == sorted(seen)
    assert set(seen) == set(range(21))
