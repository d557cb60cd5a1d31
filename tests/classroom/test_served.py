"""The pages of the classroom, served by a real Jupyter server below a base URL."""

import json
import os
import re
import shutil
import socket
import subprocess
import threading

import httpx
import pytest

from tests import jupyters
from tests.live.kernels import CHECKOUT
from workbook_site import lab
from workbook_site.workspace import sites
from workbook_site.workspace.sites import Announced

BASE, TOKEN = "/user/ada/", "secret"
SCRIPT = "<script>alert(1)</script>"
EXERCISE = f'"""A `page` & {SCRIPT}\n\nDo it."""\nFILE = "a.py"\nPOINTS = 3\nHINTS = ["a", "b"]\n'


def chapter(title):
    cells = [
        {"cell_type": "markdown", "id": "top", "source": f"# {title}", "metadata": {}},
        {
            "cell_type": "code",
            "id": "ex-one",
            "source": "%%exercise one",
            "metadata": {"workbook": {"exercise": "one"}},
            "outputs": [],
            "execution_count": None,
        },
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A client of the server (no cookie, no token), and the workspace below its root."""
    folder = tmp_path_factory.mktemp("served")
    workspace = folder / "root/my wörk"
    content = folder / "content"
    for path in (workspace / ".workbook", content / "notebooks", content / "exercises/first"):
        path.mkdir(parents=True)
    (content / "notebooks/00_first.ipynb").write_text(chapter(f"The {SCRIPT} first"))
    shutil.copy(content / "notebooks/00_first.ipynb", workspace)
    (content / "exercises/first/one.py").write_text(EXERCISE)
    argv = [*jupyters.SERVER, "--no-browser", "--allow-root"]
    argv += [f"--ServerApp.base_url={BASE}", "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1"]
    argv += [f"--ServerApp.root_dir={folder / 'root'}"]
    environment = {**os.environ, **lab.surroundings(workspace), "JUPYTER_TOKEN": TOKEN}
    environment |= {"WORKBOOK_CONTENT": str(content), "PYTHONPATH": str(CHECKOUT)}
    server = subprocess.Popen(argv, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        for line in server.stderr:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                break
        said = []
        rest = threading.Thread(target=lambda: said.extend(server.stderr))
        rest.start()
        # Jupyter tells its address a moment before it listens there.
        knocking = httpx.HTTPTransport(retries=6)
        url = f"{found[0]}{BASE}"
        with httpx.Client(base_url=url, transport=knocking, timeout=30, trust_env=False) as client:
            yield client, workspace
    finally:
        server.terminate()
        server.wait(timeout=30)
        rest.join()
        server.stderr.close()
    # A learner takes it for a fault of theirs.
    assert [line for line in said if line.startswith("[E ")] == []


@pytest.fixture
def get(served):
    """Ask as the learner."""
    client, _ = served
    return lambda path: client.get(path, headers={"Authorization": f"token {TOKEN}"})


@pytest.mark.parametrize(
    "path", ["welcome", "progress", "site", "site/where", "assets/classroom.css"]
)
def test_who_may_not_use_the_server_sees_nothing(served, path):
    client, _ = served
    answer = client.get(f"workbook/{path}")
    assert answer.status_code in (302, 403)
    assert "The Async" not in answer.text


def test_the_pages_load_nothing_from_elsewhere(get):
    for name in ("welcome", "progress", "site"):
        page = get(f"workbook/{name}")
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "script-src 'self'" in page.headers["content-security-policy"]
        for address in re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^"]*)"', page.text):
            if address != "data:,":
                assert address.startswith(f"{BASE}workbook/assets/")
                asset = get(address.removeprefix(BASE))
                assert asset.status_code == 200
                assert "text/plain" not in asset.headers["content-type"]
    assert get("workbook/assets/nothing.js").status_code == 404
    assert get("workbook/assets/..%2Fpages.py").status_code == 404


def test_progress_is_shown_as_it_is_by_now_and_all_text_is_escaped(served, get):
    _, workspace = served
    before = get("workbook/progress").text
    assert "<b>0</b> of 1 exercises solved" in before
    assert "Begin here" in before
    assert SCRIPT not in before
    assert "A <code>page</code> &amp; &lt;script&gt;" in before
    assert f'href="{BASE}lab/workspaces/workbook/tree/my%20w%C3%B6rk/00_first.ipynb' in before
    entry = {"outcome": "passed", "points": 3.0, "tries": 2, "solved_at": "2026-11-23T10:00:00"}
    (workspace / ".workbook/progress.json").write_text(json.dumps({"first/one": entry}))
    after = get("workbook/progress").text
    assert "<b>1</b> of 1 exercises solved, <b>3</b> of 3 points" in after
    assert "All done" in after


def test_the_launcher_has_a_card_that_opens_the_page_in_a_tab(get):
    told = get("server-proxy/servers-info").json()["server_processes"]
    cards = {each["launcher_entry"]["title"]: each for each in told}
    card = cards["Workbook"]
    assert not card["new_browser_tab"]
    assert card["launcher_entry"]["enabled"]
    assert get(card["launcher_entry"]["path_info"]).text.count("Your progress") == 1
    icon = get("server-proxy/icon/workbook-progress")
    assert icon.headers["content-type"].startswith("image/svg")


def test_lab_is_laid_out_for_the_first_visit(served):
    _, workspace = served
    (made,) = (workspace / ".workbook/lab/workspaces").iterdir()
    assert "notebook:my wörk/00_first.ipynb" in json.loads(made.read_text())["data"]


def test_a_site_is_where_its_token_is(served, get):
    """The server itself stands in for a site: at its port there is no token."""
    client, workspace = served
    assert get("workbook/site/where").json() == {}
    sites.announce(workspace, Announced(client.base_url.port, "token", 1))
    assert get("workbook/site/where").json() == {}
    sites.announce(workspace, Announced(1, "nobody is there", 1))
    assert get("workbook/site/where").json() == {}


def test_a_page_that_is_closed_before_its_answer_is_no_error(served, get):
    """What the server says of it is looked at when it has ended: see `served`."""
    client, workspace = served
    with socket.create_server(("127.0.0.1", 0)) as site:
        sites.announce(workspace, Announced(site.getsockname()[1], "slow", 1))
        with socket.create_connection((client.base_url.host, client.base_url.port)) as page:
            asked = f"GET {BASE}workbook/site/where HTTP/1.1\r\nHost: {client.base_url.host}\r\n"
            page.sendall(f"{asked}Authorization: token {TOKEN}\r\n\r\n".encode())
            knocking, _ = site.accept()
        with knocking:
            assert get("workbook/progress").status_code == 200  # by now the server knows
    assert get("workbook/site/where").json() == {}
