"""The site to read, opened from a disk as a reader may: everybody can use it, search, print."""

import re

import pytest

from tests.browser.axe import violations, violations_everywhere
from tests.building import executed


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of a folder with a site of two chapters, the second with all kinds of output."""
    return executed.site(tmp_path_factory.mktemp("book")).as_uri()


@pytest.fixture
def read(browser, site):
    """Open pages; scripts that fail, or anything fetched from elsewhere, fail the test."""
    contexts, said = [], []

    def opened(name="01_shown.html", scheme="light", width=1280, height=900, **more):
        size = {"width": width, "height": height}
        context = browser.new_context(color_scheme=scheme, viewport=size, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url)
                if not request.url.startswith((site, "data:")) else None)  # fmt: skip
        page.goto(f"{site}/{name}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


def ground(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize("name", ["index.html", "00_sums.html", "01_shown.html"])
def test_everybody_can_use_it(read, name):
    page = read(name)
    assert violations_everywhere(page) == []
    page.keyboard.press("/")
    page.keyboard.type("adding")
    page.wait_for_selector("#found-list a")
    assert violations_everywhere(page) == [], "with the search open"


@pytest.mark.parametrize("name", ["index.html", "01_shown.html"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits(read, name, width):
    page = read(name, width=width)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_what_is_looked_for_is_found(read):
    """A page that breaks the rules is told, else the tests that find nothing say nothing."""
    page = read()
    page.add_style_tag(
        content="@media (prefers-color-scheme: dark) { main h2 { color: #555 !important } }"
    )
    assert violations(page) == []
    page.evaluate("document.querySelector('main').insertAdjacentHTML('afterbegin', '<button>')")
    page.add_style_tag(content="@media (min-width: 391px) { main > button { display: none } }")
    assert violations(page) == []
    everywhere = " ".join(violations_everywhere(page))
    assert "color-contrast" in everywhere, "in the dark only"
    assert "button-name" in everywhere, "on a phone only"
    page.evaluate("document.querySelector('#search').labels[0].firstElementChild.remove()")
    page.evaluate("document.querySelector('main h2').style.color = '#999'")
    found = " ".join(violations(page))
    assert "color-contrast" in found


def test_the_keyboard_searches_and_goes_there(read, shots):
    page = read("index.html")
    page.keyboard.press("/")
    page.keyboard.type("nothing DIVIDED")
    page.wait_for_selector("#found-list a")
    assert page.locator("#found-count").inner_text() == "1 place"
    assert page.locator("#found-list mark").all_inner_texts() != []
    shots(page, "site-search")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('#found-list') !== null")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Escape")
    assert page.locator("#found").is_hidden()
    page.keyboard.press("ArrowDown")
    assert page.locator("#found").is_visible(), "the words stayed"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"00_sums\.html#adding$"))


def test_what_is_only_in_the_code_is_found_as_well_and_nonsense_is_not(read):
    page = read("00_sums.html")
    page.locator("#search").fill("templates")
    page.wait_for_selector("#found-list a")
    assert "In the code:" in page.locator("#found-list").inner_text()
    page.locator("#search").fill("<img src=x>")
    page.get_by_text("Found nowhere").wait_for()
    assert page.locator("#found-list a").count() == 0


def test_the_switch_turns_it_dark_and_stays_so_on_the_next_page(read):
    page = read()
    light = ground(page)
    page.get_by_role("button", name="Dark").click()
    dark = ground(page)
    assert dark != light
    page.get_by_role("link", name="Previous").click()
    page.wait_for_url(re.compile("00_sums"))
    assert ground(page) == dark
    assert page.get_by_role("button", name="Light").is_visible()


def test_the_first_stop_of_the_keyboard_leads_past_the_navigation(read):
    page = read()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_on_a_phone_the_chapters_fold_away(read):
    page = read(width=390, height=780)
    chapters = page.get_by_role("navigation", name="Chapters", exact=True)
    assert not chapters.is_visible()
    page.get_by_text("Chapters and contents").click()
    assert chapters.is_visible()


def test_it_can_be_read_without_scripts(read):
    page = read(java_script_enabled=False)
    assert page.get_by_role("navigation", name="Chapters", exact=True).is_visible()
    assert page.locator("#search").is_hidden()
    assert page.locator(".cell").count() > 5


def test_on_paper_all_is_unfolded_and_the_navigation_is_gone(read, shots):
    page = read(scheme="dark")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main details:not([open])").count() == 0
    assert not page.locator(".top").is_visible()
    assert not page.locator(".side").is_visible()
    assert ground(page) == "rgb(255, 255, 255)"
    shots(page, "site-print")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details[open]").count() == 0
