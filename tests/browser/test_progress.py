"""Chapter 09 in a real Lab: a worker's progress fills the bar in the page, step by step."""

from playwright.sync_api import expect

from tests.browser.notebook import BOUND, Notebook
from tests.browser.test_chapters import errors

# Keeps each value that the bar takes on.
KEEP = """bar => {
  window.seen = [];
  new MutationObserver(() => window.seen.push(bar.value)).observe(bar, { attributes: true });
}"""


def test_the_bar_fills_while_the_worker_works(page, lab, shots):
    notebook = Notebook(page, lab, "09_tasks.ipynb")
    notebook.run_all()
    assert list(errors(notebook.save())) == []
    frame = notebook.panel.locator("iframe").last
    frame.scroll_into_view_if_needed()
    report = frame.content_frame
    state, bar = report.get_by_role("status"), report.get_by_role("progressbar")
    expect(state).to_have_text("waiting, 0 of 0", timeout=BOUND)
    bar.evaluate(KEEP)
    report.get_by_role("button", name="Make the report").click()
    expect(state).to_contain_text("working", timeout=BOUND)
    shots(page, "progress-working")
    expect(state).to_have_text("done, 20 of 20", timeout=BOUND)
    shots(page, "progress-done")
    seen = bar.evaluate("() => window.seen")
    assert seen == sorted(seen)
    assert set(seen) == set(range(21))
