"""A notebook in JupyterLab, driven as a learner drives it: by menu, mouse and keys."""

import contextlib
import re

from playwright.sync_api import Locator, Page, expect

# A chapter may take a minute on a busy machine. This bounds a hang; nothing waits for it.
BOUND = 300_000


class Notebook:
    """One open notebook: `name` is its file in the workspace."""

    def __init__(self, page: Page, lab, name: str):
        self.page, self.lab, self.name = page, lab, name
        page.goto(lab.page_of(name))
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        expect(self.panel.locator(".jp-Cell").first).to_be_visible(timeout=BOUND)
        # The status bar names a kernel only once the page is connected to it.
        expect(page.get_by_text("| Idle")).to_be_visible(timeout=BOUND)

    def run_all(self):
        """Run > Run All Cells. It goes on by itself; `ended` waits for it."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    def ended(self):
        """Wait until the kernel has worked through all cells."""
        # Lab puts a notebook's cells into the page little by little.
        cells = len(self.lab.notebook(self.name)["cells"])
        expect(self.panel.locator(".jp-Cell")).to_have_count(cells, timeout=BOUND)
        # Lab asks for one cell after the other, and for none after an error: then the last cell
        # stays without a number, and the saved notebook tells why.
        last = self.panel.locator(".jp-CodeCell .jp-InputPrompt").last
        with contextlib.suppress(AssertionError):
            expect(last).to_have_text(re.compile(r"\[\d+\]"), timeout=BOUND)

    def save(self):
        """Ctrl-S, and the cells as they then stand in the file."""
        with self.page.expect_response(
            lambda answer: answer.request.method == "PUT" and self.name in answer.url
        ):
            self.page.keyboard.press("Control+s")
        return self.lab.notebook(self.name)["cells"]

    def cell(self, text: str) -> Locator:
        """The code cell that holds this text."""
        return self.panel.locator(".jp-CodeCell").filter(has_text=text).first

    def run(self, text: str) -> Locator:
        """Run the cell that holds this text, with Ctrl-Enter, and give it once it has ended."""
        cell = self.cell(text)
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        return self._ended(cell)

    def answer(self, exercise: str, text: str) -> Locator:
        """Type an answer below the magic line, run the cell, and give its verdict's panel."""
        magic = f"%%exercise {exercise}"
        cell = self.cell(magic)
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        # As one paste: typed key by key, the editor would close brackets and indent by itself.
        self.page.keyboard.insert_text(f"{magic}\n{text}")
        self.page.keyboard.press("Control+Enter")
        return self._ended(cell).get_by_role("region", name="Verdict")

    def _ended(self, cell: Locator) -> Locator:
        prompt = cell.locator(".jp-InputPrompt")
        expect(prompt).to_have_text(re.compile(r"\[\d+\]"), timeout=BOUND)
        return cell
