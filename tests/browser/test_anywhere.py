"""The live page wherever a notebook runs: below a base URL behind the proxy, in an editor, nowhere.

A Lab as a hub starts it, at http://hub.test/user/ada/: to the browser that is no address of its own
machine, so nothing but the proxy leads to the site.
"""

import json
import os
import re
import subprocess
import threading
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect, sync_playwright

from tests import jupyters
from tests.browser.conftest import FLAGS, Lab, browser_path
from tests.browser.notebook import BOUND, Notebook
from tests.live.conftest import notebook as printed
from tests.live.kernels import BOOT, CHECKOUT
from tests.services import projects
from workbook_site import lab as our_lab

BASE, TOKEN, HUB = "/user/ada/", "secret", "hub.test"
NAME = "00_first.ipynb"

# The second event waits for a request that the reader makes on having seen the first.
STREAM = '''\
%%site chat/streams.py
import asyncio

from django.http import HttpResponse, StreamingHttpResponse

seen = asyncio.Event()


async def events(request):
    seen.clear()

    async def told():
        yield "data: the first\\n\\n"
        await seen.wait()
        yield "data: the second\\n\\n"
        await asyncio.Event().wait()

    return StreamingHttpResponse(told(), content_type="text/event-stream")


async def go(request):
    seen.set()
    return HttpResponse("gone")


def page(request):
    return HttpResponse("""<!doctype html><title>Stream</title>
<ul id="heard"></ul><button onclick="fetch('go/')">Seen</button><script>
new EventSource("events/").onmessage = (event) => {
  const line = document.createElement("li");
  line.textContent = event.data;
  document.getElementById("heard").append(line);
};
</script>""")
'''
# What a picture must not bring into the notebook.
HOSTILE = '''\
%%site chat/hostile.py
from django.http import HttpResponse


def page(request):
    return HttpResponse("""<!doctype html><title>Hostile</title><h1>Only text</h1>
<script>parent.document.title = "taken"; top.document.title = "taken";</script>
<img src="x" onerror="top.document.title = 'taken'">
<svg onload="top.document.title = 'taken'"></svg>
<img src="//elsewhere.test/spy.png"><link rel="stylesheet" href="//elsewhere.test/spy.css">
<a href="javascript:top.document.title = 'taken'">a link</a>
<form action="//elsewhere.test/"><input autofocus><button>send</button></form>
<meta http-equiv="refresh" content="0; url=//elsewhere.test/">
</iframe><script>document.title = "taken"</script>""")
'''
URLS = """\
%%site mysite/urls.py --append streams
from chat import hostile, streams
urlpatterns += [
    path("stream/", streams.page), path("stream/events/", streams.events),
    path("stream/go/", streams.go), path("hostile/", hostile.page),
]
"""
# The frame of VS Code's webview has these words.
EDITOR = (
    '<title>Editor</title><iframe sandbox="allow-scripts allow-same-origin allow-forms"></iframe>'
)
CHAT = 'site.show_two("/chat/", labels=("Ada", "Grace"), height=150)'
SHOWN = ['site.show("/stream/", height=150)', CHAT, 'site.show("/hostile/", height=150)']


@contextmanager
def hub(folder):
    """A Lab below a base URL, with the workbook's surroundings; a `Lab` at the hub's name."""
    workspace = folder / "workspace"
    content = folder / "content" / "notebooks"
    for made in (workspace / ".workbook", content):
        made.mkdir(parents=True)
    cells = [BOOT, *projects.cells(), STREAM, HOSTILE, URLS, *SHOWN]
    chapter = json.loads(printed(*((cell, {}) for cell in cells)))
    chapter["metadata"]["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    for place in (workspace, content):
        (place / NAME).write_text(json.dumps(chapter))
    argv = [*jupyters.LAB, f"--ServerApp.base_url={BASE}"]
    argv += [each for each in our_lab.options(workspace, 0, False) if "log_level" not in each]
    argv += [f"--ServerApp.local_hostnames={HUB}", "--ServerApp.ip=127.0.0.1"]
    environment = {**os.environ, **our_lab.surroundings(workspace), "JUPYTER_TOKEN": TOKEN}
    environment |= {"WORKBOOK_CONTENT": str(content.parent), "PYTHONPATH": str(CHECKOUT)}
    environment |= {"JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")}
    server = subprocess.Popen(argv, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        for line in server.stderr:
            if found := re.search(rf"http://127\.0\.0\.1:(\d+){BASE}", line):
                break
        rest = threading.Thread(target=server.stderr.read)  # a full pipe would halt it
        rest.start()
        yield Lab(f"http://{HUB}:{found[1]}{BASE}", TOKEN, workspace)
    finally:
        server.terminate()
        server.wait(timeout=30)
        rest.join()
        server.stderr.close()


@pytest.fixture(scope="module")
def browser():
    """One that knows the hub's name."""
    flags = [*FLAGS, f"--host-resolver-rules=MAP {HUB} 127.0.0.1"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser_path(), args=flags)
        yield started
        started.close()


@pytest.fixture(scope="module")
def open_notebook(browser, tmp_path_factory):
    """The notebook, run to its end in Lab below the base URL: `(Notebook, Lab)`."""
    with hub(tmp_path_factory.mktemp("hub")) as lab:
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        notebook = Notebook(context.new_page(), lab, NAME)
        notebook.run_all()
        notebook.ended()
        notebook.cells = notebook.save()
        yield notebook, lab
        context.close()


@pytest.fixture(scope="module")
def shown(open_notebook):
    """What the cells that show a page put into the notebook, as HTML, by what they show."""
    notebook, _ = open_notebook
    cells = notebook.cells[-len(SHOWN) :]
    outputs = [cell["outputs"][0]["data"]["text/html"] for cell in cells]
    return dict(zip(("stream", "chat", "hostile"), map("".join, outputs), strict=True))


@pytest.fixture
def editor(browser, shown):
    """An output in an editor's page: of no origin, in a frame, with nothing of Jupyter around it.

    `reaches` False: the kernel runs on another machine, and no port is forwarded.
    """
    context = browser.new_context(viewport={"width": 900, "height": 500})

    def opened(name, reaches=True):
        page = context.new_page()
        if not reaches:
            page.route(re.compile("^http://127.0.0.1:"), lambda route: route.abort())
        page.set_content(EDITOR)
        page.locator("iframe").evaluate(
            "(frame, html) => { frame.style.cssText = 'width:100%;height:400px';"
            " frame.srcdoc = html; }",
            shown[name],
        )
        return page, page.frame_locator("iframe")

    yield opened
    context.close()


def test_a_stream_streams_below_the_base_url(open_notebook, shots):
    notebook, lab = open_notebook
    frame = notebook.panel.get_by_title("The live page /stream/", exact=True)
    expect(frame).to_have_attribute("src", re.compile(rf"^{lab.base}proxy/\d+/stream/$"))
    heard = frame.content_frame.locator("li")
    expect(heard).to_have_text(["the first"], timeout=BOUND)
    frame.content_frame.get_by_role("button").click()
    expect(heard).to_have_text(["the first", "the second"], timeout=BOUND)
    frame.scroll_into_view_if_needed()
    shots(notebook.page, "stream-below-base-url")


def test_two_panes_talk_below_the_base_url(open_notebook, shots):
    """The project's AllowedHostsOriginValidator is in the way, and lets them in."""
    notebook, _ = open_notebook
    panes = [
        notebook.panel.get_by_title(f"{who}: the live page /chat/", exact=True)
        for who in ("Ada", "Grace")
    ]
    said = panes[0].content_frame.get_by_label("Say")
    said.fill("below the base URL")
    said.press("Enter")
    for pane in panes:
        expect(pane.content_frame.locator("li")).to_have_text("below the base URL", timeout=BOUND)
    panes[0].scroll_into_view_if_needed()
    shots(notebook.page, "chat-below-base-url")


def test_no_picture_stays_beside_a_page_that_lives(open_notebook):
    notebook, _ = open_notebook
    expect(notebook.panel.locator("iframe")).to_have_count(4)
    expect(notebook.panel.locator("iframe[srcdoc]")).to_have_count(0)


def test_a_page_elsewhere_may_not_open_a_socket(open_notebook):
    """What the door does for the proxy is done for the notebook's own origin only."""
    notebook, _ = open_notebook
    frame = notebook.panel.get_by_title("Ada: the live page /chat/", exact=True)
    address = frame.get_attribute("src").replace("http:", "ws:").replace("/chat/", "/ws/")
    port = re.search(r"proxy/(\d+)/", address)[1]
    page = notebook.page.context.new_page()
    page.route("http://evil.test/", lambda route: route.fulfill(body="<title>Evil</title>"))
    page.goto("http://evil.test/")
    for url in (address, f"ws://127.0.0.1:{port}/ws/"):
        code = page.evaluate(
            """url => new Promise(done => {
              const socket = new WebSocket(url);
              socket.onopen = () => done("open");
              socket.onclose = event => done(event.code);
            })""",
            url,
        )
        assert code == 1006
    page.close()


def test_the_tab_of_the_site_goes_through_the_proxy_too(open_notebook):
    notebook, lab = open_notebook
    page = notebook.page.context.new_page()
    page.goto(f"{lab.base}workbook/site")
    frame = page.get_by_title("The live site", exact=True)
    expect(frame).to_have_attribute("src", re.compile(rf"^{lab.base}proxy/\d+/$"), timeout=BOUND)
    page.get_by_role("textbox", name="Page").fill("/chat/")
    page.get_by_role("textbox", name="Page").press("Enter")
    expect(frame.content_frame.get_by_label("Say")).to_be_visible(timeout=BOUND)
    page.close()


def test_an_editor_on_the_same_machine_shows_it_live(editor, shots):
    page, output = editor("chat")
    panes = [output.get_by_title(f"{who}: the live page /chat/") for who in ("Ada", "Grace")]
    expect(panes[0]).to_have_attribute("src", re.compile(r"^http://127.0.0.1:\d+/chat/"))
    said = panes[0].content_frame.get_by_label("Say")
    said.fill("from the editor")
    said.press("Enter")
    expect(panes[1].content_frame.locator("li")).to_have_text("from the editor", timeout=BOUND)
    shots(page, "editor-live")


def test_an_editor_far_from_the_kernel_shows_a_picture_and_says_why(editor, shots):
    page, output = editor("chat", reaches=False)
    line = output.get_by_text("runs on another machine").first
    expect(line).to_contain_text("forward port", timeout=BOUND)
    expect(line).to_contain_text("as it was when the cell ran")
    picture = output.get_by_title("Ada: the live page /chat/, as it was")
    expect(picture.content_frame.get_by_text("Say")).to_be_visible()
    shots(page, "editor-picture")


def test_without_the_proxy_a_line_says_what_is_missing(open_notebook, shown):
    notebook, lab = open_notebook
    page = notebook.page.context.new_page()
    page.route("**/proxy/**", lambda route: route.fulfill(status=404))
    config = f'<script id="jupyter-config-data" type="application/json">{{"baseUrl": "{BASE}"}}'
    page.route(
        "**/user/ada/notebook",
        lambda route: route.fulfill(
            body=f"<title>N</title>{config}</script>{shown['stream']}", content_type="text/html"
        ),
    )
    page.goto(f"{lab.base}notebook")
    expect(page.get_by_text("jupyter-server-proxy, which is not on this")).to_be_visible()
    # The stream never ends, the page that listens to it does: it is what the picture shows.
    picture = page.get_by_title("The live page /stream/, as it was").content_frame
    expect(picture.get_by_role("button", name="Seen")).to_be_visible()
    page.close()


def test_a_picture_can_do_nothing(editor):
    page, output = editor("hostile", reaches=False)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    picture = output.get_by_title("The live page /hostile/, as it was").content_frame
    expect(picture.get_by_text("Only text")).to_be_visible(timeout=BOUND)
    picture.get_by_text("a link").click()
    picture.get_by_role("button", name="send").click()
    expect(output.get_by_text("forward port")).to_be_visible(timeout=BOUND)
    assert page.title() == "Editor"
    assert output.locator("body").evaluate("() => document.title") == ""
    assert [url for url in asked if "elsewhere" in url] == []
    assert output.locator("iframe").count() == 1
