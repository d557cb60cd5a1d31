"""Lab as a classroom: the first screen, the card, the progress, and what stays of it."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations_everywhere
from tests.browser.notebook import BOUND, Notebook

FIRST = "00_three_problems.ipynb"
ASKED = "A summary that tells the truth"
ADDED = """\
%%site mysite/urls.py --append follows
from django.http import HttpResponse
from django.urls import include

first = path("", lambda request: HttpResponse("<h1>The site follows</h1>"))
urlpatterns += [path("front/", include([first]))]
"""


class Classroom(Notebook):
    """Lab on its named workspace, as the learner's browser opens it."""

    def __init__(self, page, lab):
        self.page, self.lab, self.name = page, lab, FIRST
        page.goto(f"{lab.base}lab/workspaces/workbook?token={lab.token}")
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        expect(page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_attached(timeout=BOUND)

    def tab(self, name):
        """A tab of ours: the frame of the page in it."""
        return self.page.locator(f".jp-ServerProxy iframe[src$='workbook/{name}']")


@pytest.fixture(scope="module")
def room(browser, lab):
    """The first visit; the tests of this module go on from each other as a learner does."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield Classroom(context.new_page(), lab)
    context.close()


def test_the_first_screen(room, shots):
    expect(room.panel.get_by_role("heading", level=1)).to_be_visible(timeout=BOUND)
    welcome = room.tab("welcome").content_frame
    expect(welcome.locator(".how li")).to_have_count(4, timeout=BOUND)
    expect(welcome.get_by_role("link", name="Three problems")).to_be_in_viewport()
    contents = room.page.locator(".jp-TableOfContents")
    expect(contents.get_by_text(f"Exercise: {ASKED}")).to_be_visible(timeout=BOUND)
    site = room.tab("site").content_frame
    expect(site.get_by_role("heading", name="not running yet")).to_be_visible(timeout=BOUND)
    left, right = room.panel.bounding_box(), room.tab("site").bounding_box()
    assert left["x"] + left["width"] <= right["x"]
    shots(room.page, "classroom")


def test_the_site_appears_and_follows_what_is_changed(room, shots):
    expect(room.page.get_by_text("| Idle")).to_be_visible(timeout=BOUND)
    room.run("await boot")
    live = room.tab("site").content_frame.get_by_title("The live site", exact=True)
    expect(live.content_frame.get_by_text("The install worked")).to_be_visible(timeout=BOUND)
    shots(room.page, "classroom-live")
    cell = room.cell("site.show")
    cell.locator(".cm-content").click()
    room.page.keyboard.press("Control+a")
    room.page.keyboard.insert_text(ADDED)
    room.page.keyboard.press("Control+Enter")
    expect(live.content_frame.get_by_text("The site follows")).to_be_visible(timeout=BOUND)


def test_the_card_opens_the_progress_and_a_click_opens_the_exercise(room, shots):
    room.page.get_by_role("menuitem", name="File", exact=True).click()
    room.page.get_by_role("menuitem", name="New Launcher").click()
    card = room.page.locator(".jp-LauncherCard").filter(has_text="Workbook")
    expect(card.locator("img, svg").first).to_be_visible()
    shots(room.page, "launcher")
    card.click()
    progress = room.tab("progress").content_frame
    expect(progress.get_by_role("heading", name="Your progress")).to_be_visible(timeout=BOUND)
    shots(room.page, "progress-in-lab")
    link = progress.get_by_role("link", name=ASKED)
    link.focus()
    room.page.keyboard.press("Enter")
    heading = room.panel.get_by_role("heading", name=f"Exercise: {ASKED}")
    expect(heading).to_be_in_viewport(timeout=BOUND)
    assert room.page.locator(".jp-NotebookPanel").count() == 1
    progress_page(room).get_by_role("link", name="Async views").first.click()
    heading = room.panel.get_by_role("heading", name="Exercise: Which services are up?")
    expect(heading).to_be_attached(timeout=BOUND)


def progress_page(room):
    """The tab with the progress, brought to the front."""
    room.page.locator(".lm-TabBar-tabLabel", has_text=re.compile("^Progress$")).first.click()
    return room.tab("progress").content_frame


def test_the_progress_follows_what_is_solved(room):
    page = progress_page(room)
    entry = {"outcome": "passed", "points": 5.0, "tries": 2, "solved_at": "2026-11-23T10:00:00"}
    path = room.lab.workspace / ".workbook/progress.json"
    path.write_text(json.dumps({"three_problems/truthful_summary": entry}))
    line = page.get_by_role("listitem").filter(has_text=ASKED)
    expect(line).to_contain_text("Passed, 2 tries", timeout=BOUND)
    expect(page.locator("#sum")).to_contain_text("1 of")
    expect(page.locator(".next .button")).to_have_text("A page for each article")


def test_it_is_dark_when_lab_is(room, shots):
    page = progress_page(room)
    room.page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    for name in ("progress", "welcome", "site"):
        shown = room.tab(name).content_frame.locator("html")
        expect(shown).to_have_css("color-scheme", "dark")
    shots(room.page, "progress-dark")
    room.page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    expect(page.locator("html")).to_have_css("color-scheme", "light")


@pytest.mark.parametrize("name", ["progress", "welcome", "site"])
def test_everybody_can_use_it(room, lab, browser, name):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{lab.base}workbook/{name}?token={lab.token}")
    expect(page.locator("h1").first).to_be_visible(timeout=BOUND)
    assert violations_everywhere(page) == []
    context.close()


def test_what_the_learner_closes_stays_closed(room, lab):

    def saved(answer):
        return answer.request.method == "PUT" and "workspaces/workbook" in answer.url

    tab = room.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab").filter(has_text="Welcome")
    with room.page.expect_response(saved):
        tab.locator(".lm-TabBar-tabCloseIcon").click()
    context = room.page.context
    room.page.close()
    room = Classroom(context.new_page(), lab)
    expect(room.tab("site")).to_be_visible(timeout=BOUND)
    expect(room.tab("welcome")).to_have_count(0)
