"""The gradebook in Chromium: it fills while workers grade; one answer, a remark, files dropped."""

import base64
import io
import zipfile
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations_everywhere
from tests.grading import small
from tests.page.house import PASSWORD, House, command, send
from workbook_site.services import process

STUDENTS = 50
DROP = """
(bytes) => {
  const carried = new DataTransfer();
  const data = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
  carried.items.add(new File([data], "class.zip", { type: "application/zip" }));
  for (const name of ["dragover", "drop"]) {
    const event = new DragEvent(name, { dataTransfer: carried, bubbles: true, cancelable: true });
    document.querySelector("main").dispatchEvent(event);
  }
}
"""
PASSED = "#grid td.p"


@contextmanager
def housed(folder, size):
    """A gradebook without a worker, and a class as a zip."""
    content = {"WORKBOOK_CONTENT": str(small.course(folder / "course"))}
    with House(folder / "gradebook", **content) as house:
        small.a_class(folder / "class", size, alike=True)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as file:
            for path in sorted((folder / "class").rglob("*.ipynb")):
                file.write(path, path.relative_to(folder / "class"))
        house.zip = packed.getvalue()
        with house.instructor() as house.client:
            yield house


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A gradebook in which a small class is graded."""
    with housed(tmp_path_factory.mktemp("house"), 12) as house:
        send(house.client, "/hand-in/", files={"files": ("class.zip", house.zip)})
        done = command(
            house.folder,
            "grade",
            str(house.folder.parent / "class"),
            *("--no-sandbox", "--workers", "1"),
            ready=lambda child: not child.running,
            **house.more,
        )
        done.stop()
        assert done.returncode == 0, done.log()
        yield house


@pytest.fixture
def visit(browser):
    """Open a gradebook, logged in; scripts that fail, or that the policy stops, fail the test."""

    @contextmanager
    def opened(house, scheme="light", width=1280, height=860):
        size = {"width": width, "height": height}
        context = browser.new_context(color_scheme=scheme, viewport=size)
        page, said = context.new_page(), []
        page.on("console", lambda message: said.append(f"{message.text} {message.location}"))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(house.address)
        page.get_by_label("Name").fill("ada")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_selector(".live.on")
        yield page
        context.close()
        assert said == []

    return opened


def worker(house):
    ready = process.line("Ready to grade")
    return command(house.folder, "worker", "--no-sandbox", ready=ready, **house.more)


def test_files_dropped_on_the_page_are_graded_before_ones_eyes(visit, tmp_path, shots):
    with housed(tmp_path, STUDENTS) as house, visit(house) as page:
        page.get_by_role("link", name="Hand in", exact=True).click()
        page.wait_for_load_state()
        with page.expect_navigation():
            page.evaluate(DROP, base64.b64encode(house.zip).decode())
        assert f"{STUDENTS} new, 0 here before" in page.locator("#receipt").inner_text()
        shots(page, "handed-in")
        page.get_by_role("link", name="Watch them").click()
        page.wait_for_selector(".live.on")
        page.evaluate("window.opened = true")
        assert page.locator(PASSED).count() == 0
        assert page.locator("#grid td.w").count() == 3 * STUDENTS
        with worker(house):
            page.locator(PASSED).nth(12).wait_for(timeout=90_000)
            shots(page, "filling")
            expect(page.locator("#states")).to_have_text(f"{STUDENTS} graded", timeout=90_000)
        assert page.evaluate("window.opened"), "it filled without being loaded again"
        # Of four students, one has all three right, one two of them.
        assert page.locator(PASSED).count() == 3 * 13 + 2 * 12
        assert page.locator("#grid tbody tr").count() == STUDENTS
        shots(page, "filled")


def test_by_keyboard_to_an_answer_and_back_with_a_remark(visit, house, shots):
    with visit(house) as page:
        page.locator("#s2 th a").focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
            page.keyboard.press(key)
        page.keyboard.press("Enter")
        page.wait_for_selector("#code")
        assert "s0001" in page.locator(".crumbs").inner_text()
        assert page.locator(".code .k").count() > 0, "the answer is in colours"
        shots(page, "answer")
        page.get_by_label("Points, in place").fill("1.5")
        page.get_by_label("Comment").fill("Nearly: <b>look</b> again.")
        page.get_by_role("button", name="Keep remark").click()
        page.wait_for_selector(".given")
        assert "Nearly: <b>look</b> again." in page.locator(".history").inner_text()
        shots(page, "remarked")
        page.keyboard.press("j")
        expect(page.locator(".crumbs")).to_contain_text("s0002", timeout=30_000)
        page.get_by_role("link", name="Class", exact=True).first.click()
        page.wait_for_selector("#s2 td.e")
        assert page.locator("#s2 .sum b").inner_text() == "1.5"


def test_what_one_instructor_says_another_sees_at_once(visit, house):
    with visit(house) as watching, visit(house) as saying:
        place = watching.locator("#s6 .sum b")
        assert place.inner_text() == "0"
        saying.goto(f"{house.address}/answers/6/small/total/")
        saying.get_by_label("Points, in place").fill("2")
        saying.get_by_role("button", name="Keep remark").click()
        expect(place).to_have_text("2", timeout=30_000)


@pytest.mark.parametrize(
    ("scheme", "width", "height"), [("dark", 1280, 860), ("light", 390, 780), ("dark", 390, 780)]
)
def test_it_fits(visit, house, shots, scheme, width, height):
    with visit(house, scheme, width, height) as page:
        for name in ("", "insight/", "hand-in/", "exports/", "students/1/"):
            page.goto(f"{house.address}/{name}")
            wide = page.evaluate("document.scrollingElement.scrollWidth")
            assert wide <= width, f"/{name} is {wide} wide"
            shots(page, f"{scheme}-{width}-{name.rstrip('/').replace('/', '-') or 'class'}")
        page.goto(f"{house.address}/answers/3/small/shout/")
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        shots(page, f"{scheme}-{width}-answer")


def test_head_and_names_stay_while_the_table_is_moved(visit, house):
    with visit(house, width=390, height=460) as page:
        grid = page.locator("#grid")
        name, head = page.locator("#s1 th"), page.locator("#grid .corner")
        before = name.bounding_box()["x"], head.bounding_box()["y"]
        grid.evaluate("it => it.scrollTo(80, 400)")
        assert (name.bounding_box()["x"], head.bounding_box()["y"]) == before


def test_regrading_is_asked_twice_and_keeps_what_an_instructor_said(visit, house):
    send(house.client, "/answers/10/small/total/remark/", points="1", comment="")
    with visit(house) as page:
        expect(page.locator("#s10 .sum b")).to_have_text("1")
        button = page.get_by_role("button", name="Judge again")
        assert not button.is_visible()
        page.locator(".again summary").click()
        with page.expect_navigation():
            button.click()
        expect(page.locator("#states")).to_contain_text("12 received")
        with worker(house):
            expect(page.locator("#states")).to_have_text("12 graded", timeout=90_000)
        expect(page.locator("#s10 .sum b")).to_have_text("1")


# Every kind of cell that there is, on the ground that it has in the table.
ALL_KINDS = """
() => document.querySelectorAll("#grid td:not(.sum)").forEach((cell, number) => {
  cell.className = ["p", "h", "n", "o", "w", "m", "r", "b", "f", "p e"][number % 10];
})
"""


def test_everybody_can_use_it(visit, house):
    with visit(house) as page:
        page.evaluate(ALL_KINDS)
        assert violations_everywhere(page) == []
        for name in (
            *("insight/", "hand-in/", "exports/", "students/1/", "students/4/", "password/"),
            *(f"answers/{n}/small/{exercise}/" for n, exercise in [(1, "total"), (4, "shout")]),
            *("?search=nobody", "?chapter=small", "answers/3/small/evens/"),
        ):
            page.goto(f"{house.address}/{name}")
            assert violations_everywhere(page) == [], name
        page.goto(f"{house.address}/hand-in/")
        kept = {"name": "class.zip", "mimeType": "application/zip", "buffer": house.zip}
        odd = {"name": "what.ipynb", "mimeType": "text/plain", "buffer": b"no notebook"}
        with page.expect_navigation():
            page.locator("input[type=file]").set_input_files([kept, odd])
        page.wait_for_selector("#receipt li")
        assert violations_everywhere(page) == []
        page.goto(f"{house.address}/")
        assert page.locator(".unplaced").count() == 1
        assert violations_everywhere(page) == []


def test_everybody_can_log_in_and_read_the_pages_that_go_out(browser, house):
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(house.address)
    assert violations_everywhere(page) == []
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector(".error")
    assert violations_everywhere(page) == []
    # As `grade` wrote them.
    feedback = sorted(house.folder.rglob("feedback/**/*.html"))
    assert len(feedback) == 12
    for file in (*feedback[:2], *house.folder.rglob("insight.html")):
        page.goto(file.as_uri())
        assert violations_everywhere(page) == [], file.name
    context.close()
