"""JupyterLab, started for real: its address, its surroundings, and what it asks of the internet."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.cli.checkouts import CHAPTER, notebook
from workbook_site import exits, lab

ROOT = Path(__file__).parents[2]


@pytest.fixture
def content(tmp_path):
    """A course of one chapter, in place of the workbook's own."""
    folder = tmp_path / "content"
    notebook(folder / "notebooks" / f"{CHAPTER}.ipynb", "1 + 1")
    return folder


@pytest.fixture
def start(content, tmp_path):
    """Start `lab` with these words; what still runs at the end of the test is ended."""
    started = []

    def start_lab(*words, **more):
        home = {"HOME": tmp_path / "home", "WORKBOOK_CONTENT": content}
        kept = {name: value for name, value in os.environ.items() if "JUPYTER" not in name}
        with (tmp_path / f"stderr{len(started)}").open("w") as told:
            process = subprocess.Popen(
                [sys.executable, "-m", "workbook_site", "lab", *map(str, words)],
                cwd=ROOT,
                env=kept | {name: str(value) for name, value in (home | more).items()},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=told,
                encoding="utf-8",
            )
        started.append(process)
        return process

    (tmp_path / "home").mkdir()
    yield start_lab
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def address(process):
    """The address that it prints; it can be opened from that moment on."""
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            return urllib.parse.urlsplit(found[0])
    raise AssertionError(f"lab ended with {process.wait()} and printed no address")


def ask(where, path):
    """GET `path` with the address's token, by a client that uses no proxy."""
    url = f"{where.scheme}://{where.netloc}{path}"
    joined = f"{url}{'&' if '?' in path else '?'}{where.query}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(joined) as answer:
        return answer.read().decode()


# Python loads a module of this name at its start. It writes down each name that is looked up and
# each address that is connected to, whichever client does it; but for our own machine's.
LISTENER = """\
import sys

LOCAL = (None, "", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1")

def listen(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if host not in LOCAL:
        with open({path!r}, "a") as asked:
            asked.write(f"{{host}}\\n")

sys.addaudithook(listen)
"""


@pytest.fixture
def outside(tmp_path):
    """A folder for PYTHONPATH, and the file that names who was asked."""
    folder, asked = tmp_path / "listener", tmp_path / "asked"
    folder.mkdir()
    asked.touch()
    (folder / "sitecustomize.py").write_text(LISTENER.format(path=str(asked)))
    return folder, asked


def test_what_is_asked_of_the_internet_is_noticed(outside):
    folder, asked = outside
    look_up = "import socket, contextlib\nwith contextlib.suppress(OSError):\n"
    look_up += "    socket.getaddrinfo('a.invalid', 80)"
    environment = os.environ | {"PYTHONPATH": str(folder)}
    subprocess.run([sys.executable, "-c", look_up], env=environment, check=True)
    assert asked.read_text() == "a.invalid\n"


def test_it_opens_on_the_first_chapter_and_asks_the_internet_for_nothing(start, tmp_path, outside):
    workspace = tmp_path / "my wörkbook"
    folder, asked = outside
    process = start("--no-browser", "--workspace", workspace, PYTHONPATH=folder)
    where = address(process)
    assert where.path == "/lab/workspaces/workbook"
    laid = json.loads(ask(where, "/lab/api/workspaces/workbook"))["data"]
    assert f"notebook:{CHAPTER}.ipynb" in laid
    assert "Your progress" in ask(where, "/workbook/progress")

    files = json.loads(ask(where, "/api/contents"))["content"]
    assert [file["name"] for file in files] == [f"{CHAPTER}.ipynb"]
    kernels = json.loads(ask(where, "/api/kernelspecs"))["kernelspecs"]
    assert "--IPKernelApp.extra_extensions=workbook_site" in kernels["python3"]["spec"]["argv"]

    page = ask(where, "/lab")
    found = re.search(r'id="jupyter-config-data"[^>]*>\s*(\{.*?\})\s*</script>', page, re.DOTALL)
    config = json.loads(found[1])
    assert config["news"] == {"disabled": True}
    assert "@jupyterlab/apputils-extension:announcements" in config["disabledExtensions"]
    assert "@jupyterlab/extensionmanager-extension:plugin" in config["disabledExtensions"]
    assert json.loads(ask(where, "/lab/api/news"))["news"] == []
    assert json.loads(ask(where, "/lab/api/update"))["notification"] is None
    ask(where, "/lab/api/extensions?refresh=1")

    # A page of a notebook knocks at a live site that went with its kernel.
    with socket.create_server(("127.0.0.1", 0)) as closed:
        gone = closed.getsockname()[1]
    with pytest.raises(urllib.error.HTTPError, match="500"):
        ask(where, f"/proxy/{gone}/__workbook__/")

    process.send_signal(signal.SIGTERM)
    assert process.wait() == 0
    assert asked.read_text() == ""

    told = (tmp_path / "stderr0").read_text()
    assert told.count("runs as root") == (os.geteuid() == 0)
    assert [line for line in told.splitlines() if "Traceback" in line or str(gone) in line] == []


# An extension of Jupyter's, with a page that uses a thread as the pages of files do, waits on, and
# takes its end for an error, as others do.
LINGERING = """
import asyncio
from pathlib import Path

import anyio.to_thread
from jupyter_server.base.handlers import JupyterHandler
from tornado.web import authenticated

class Lingering(JupyterHandler):
    @authenticated
    async def get(self):
        await anyio.to_thread.run_sync(Path({waits!r}).write_text, "!")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise RuntimeError("cut off") from None

def _load_jupyter_server_extension(server):
    server.web_app.add_handlers(".*", [("/lingering", Lingering)])
"""


def test_it_ends_while_a_request_is_under_way(start, tmp_path):
    folder, waits = tmp_path / "extension", tmp_path / "waits"
    os.mkfifo(waits)
    config = folder / "jupyter_server_config.d" / "lingering.json"
    config.parent.mkdir(parents=True)
    config.write_text('{"ServerApp": {"jpserver_extensions": {"lingering": true}}}')
    (folder / "lingering.py").write_text(LINGERING.format(waits=str(waits)))
    more = {"PYTHONPATH": folder, "JUPYTER_CONFIG_PATH": folder}
    process = start("--no-browser", "--port", 0, "--workspace", tmp_path / "work", **more)
    where = address(process)
    with socket.create_connection((where.hostname, where.port)) as asking:
        asking.sendall(f"GET /lingering?{where.query} HTTP/1.0\r\n\r\n".encode())
        assert waits.read_text() == "!"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert "Traceback" not in (tmp_path / "stderr0").read_text()


def test_the_port_that_was_asked_for_is_used_and_a_taken_one_is_told(start, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = start("--no-browser", "--port", port, "--workspace", tmp_path / "work")
        out, _ = refused.communicate()
    assert (refused.returncode, out) == (exits.PORT, "")
    told = (tmp_path / "stderr0").read_text()
    assert f"Port {port} can't be used" in told
    assert "Traceback" not in told
    assert not (tmp_path / "work").exists(), "nothing is begun for a Lab that can't start"

    process = start("--no-browser", "--port", port, "--workspace", tmp_path / "work")
    assert address(process).port == port


def test_without_a_port_the_next_free_one_is_taken(start, tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(lab, "FIRST_PORT", port)
        assert f"--ServerApp.port={port}" in (made := lab.options(tmp_path, None, True))
    assert "--ServerApp.port_retries=50" in made
    assert "--ServerApp.port_retries=0" in lab.options(tmp_path, port, True)


def test_a_browser_is_opened_where_there_is_one(start, tmp_path):
    opened = tmp_path / "opened"
    os.mkfifo(opened)
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$1" > "{opened}"\n')
    browser.chmod(0o755)
    start("--port", 0, "--workspace", tmp_path / "work", BROWSER=f"{browser} %s")
    page = Path(urllib.parse.unquote(urllib.parse.urlsplit(opened.read_text()).path))
    assert "/lab/workspaces/workbook?token=" in page.read_text()


def test_without_a_browser_it_goes_on(monkeypatch):
    def none():
        raise lab.webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(lab.webbrowser, "get", none)
    assert not lab.has_browser()


@pytest.mark.parametrize("port", [-1, 65536, 10**9])
def test_a_number_that_is_no_port_is_told(port):
    with pytest.raises(exits.Stop, match=f"Port {port} can't be used") as stop:
        lab.free(port)
    assert stop.value.code == exits.PORT
