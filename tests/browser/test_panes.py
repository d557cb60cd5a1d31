"""Two panes under a cell, in a browser: what is typed in one is seen in the other."""

import http.server
import threading

import pytest
from playwright.sync_api import expect

from tests.live.conftest import notebook as printed
from tests.live.kernels import BOOT, Kernel
from tests.live.test_live_proxy import BASE, TOKEN, jupyter
from tests.services import projects

BOUND = 20_000  # milliseconds


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    content = tmp_path_factory.mktemp("content")
    (content / "notebooks").mkdir()
    (content / "notebooks/00_first.ipynb").write_text(printed((BOOT, {})))
    with Kernel(tmp_path_factory.mktemp("workspace"), content) as kernel:
        kernel.good(BOOT)
        for cell in projects.cells():
            kernel.good(cell)
        yield kernel


@pytest.fixture
def output(kernel):
    """Serve what a cell shows as a page of 127.0.0.1, as an exported notebook would hold it."""
    shown = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>A notebook</title>" + shown["html"].encode())

        def log_message(self, *args): ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def served(code):
        shown["html"] = kernel.good(code).html
        return f"http://127.0.0.1:{server.server_port}/"

    yield served
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def plain(browser):
    context = browser.new_context(viewport={"width": 1000, "height": 700})
    yield context.new_page()
    context.close()


def test_what_is_typed_in_one_pane_is_seen_in_both(output, plain, shots):
    plain.goto(output('site.show_two("/chat/", labels=("Ada", "Grace"), height=200)'))
    ada = plain.locator("iframe[title='Ada: the live page /chat/']")
    grace = plain.locator("iframe[title='Grace: the live page /chat/']")
    expect(grace).to_be_visible(timeout=BOUND)
    left, right = ada.bounding_box(), grace.bounding_box()
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]
    plain.keyboard.press("Tab")  # the link above the first pane, then what is inside it
    plain.keyboard.press("Tab")
    plain.keyboard.type("hello, Grace")
    plain.keyboard.press("Enter")
    for pane in (ada, grace):
        expect(pane.content_frame.locator("li")).to_have_text("hello, Grace", timeout=BOUND)
    shots(plain, "two-panes")


def test_on_a_narrow_page_they_stand_below_each_other(output, plain, shots):
    plain.set_viewport_size({"width": 420, "height": 700})
    plain.goto(output('site.show_two("/chat/", height=200)'))
    frames = plain.locator("iframe")
    expect(frames).to_have_count(2, timeout=BOUND)
    first, second = (frames.nth(number).bounding_box() for number in (0, 1))
    assert first["x"] == second["x"]
    assert first["y"] + first["height"] <= second["y"]
    shots(plain, "two-panes-narrow")


def test_where_nothing_runs_a_line_says_so(output, plain, kernel):
    address = output('site.show_two("/chat/", height=200)')
    kernel.good("before = site.door.token\nsite.door.token = 'another site'")
    plain.goto(address)
    expect(plain.get_by_text("not running")).to_have_count(2, timeout=BOUND)
    pictures = plain.locator("iframe[sandbox='']")
    expect(pictures).to_have_count(2)
    expect(plain.locator("iframe")).to_have_count(2)
    expect(pictures.first.content_frame.get_by_text("Say")).to_be_visible()
    kernel.good("site.door.token = before")


def test_sockets_work_behind_a_proxy_too(kernel, browser, tmp_path):
    port = kernel.value("site.running.server.port")
    with jupyter(tmp_path) as address:
        context = browser.new_context(extra_http_headers={"Authorization": f"token {TOKEN}"})
        pages = [context.new_page(), context.new_page()]
        for page in pages:
            # The first visit leaves a cookie: a browser's WebSocket bears no header of ours.
            page.goto(f"{address}{BASE}api?token={TOKEN}")
            page.goto(f"{address}{BASE}proxy/{port}/chat/")
        pages[0].get_by_label("Say").fill("through the proxy")
        pages[0].keyboard.press("Enter")
        for page in pages:
            expect(page.locator("li")).to_have_text("through the proxy", timeout=BOUND)
        context.close()
