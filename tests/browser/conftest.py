"""A real JupyterLab, started by the README's command, in a real Chromium."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
# The first is Chromium as well, without windows: it takes half the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
NO_BROWSER = (
    "The browser tests need Chromium on the PATH. On Debian: apt install chromium-headless-shell"
)

# The browser asks nobody but 127.0.0.1: no updates, no sync, no first-run pages.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def at_hand():
    """The browser that is installed, if one is."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def browser_path():
    if found := at_hand():
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(NO_BROWSER)
    pytest.skip(NO_BROWSER)


@pytest.fixture(scope="module")
def browser():
    """For one module only: while it is open, its event loop runs in this worker's thread."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        yield started
        started.close()


@dataclass
class Lab:
    """A running JupyterLab: its address with the token, and the learner's workspace."""

    base: str
    token: str
    workspace: Path
    # What it wrote to the terminal after its address, once it has ended.
    said: str = ""

    def page_of(self, name: str) -> str:
        """Where the notebook opens alone: Lab's workspaces remember the tabs of earlier tests."""
        return f"{self.base}lab/workspaces/{uuid.uuid4().hex}/tree/{name}?token={self.token}"

    def ask(self, path: str):
        answer = httpx.get(f"{self.base}api/{path}", params={"token": self.token}, timeout=30)
        return answer.raise_for_status().json()

    def end_kernels(self) -> None:
        for kernel in self.ask("kernels"):
            path = f"{self.base}api/kernels/{kernel['id']}"
            httpx.delete(path, params={"token": self.token}, timeout=30).raise_for_status()

    def idle(self) -> bool:
        kernels = self.ask("kernels")
        return bool(kernels) and all(each["execution_state"] == "idle" for each in kernels)

    def notebook(self, name: str):
        return json.loads((self.workspace / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with started(tmp_path_factory.mktemp("learner")) as lab:
        yield lab
    # A learner takes a warning for a fault of their own.
    signs = ("[W ", "[E ", "WARNING")
    warned = [line for line in lab.said.splitlines() if any(sign in line for sign in signs)]
    assert warned == [], lab.said


@contextlib.contextmanager
def started(folder: Path):
    """A Lab of its own on an empty workspace in this folder, with settings that are nobody's."""
    workspace = folder / "workspace"
    words = ["lab", "--no-browser", "--workspace", str(workspace)]
    server = subprocess.Popen(
        [sys.executable, "-m", "workbook_site", *words],
        cwd=ROOT,
        env={**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    lab = None
    try:
        lab = Lab(*_address(server), workspace)
        yield lab
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        said, _ = server.communicate(timeout=30)
        if lab is not None:
            lab.said = said


def _address(server):
    heard = []
    assert server.stdout is not None
    for line in server.stdout:
        heard.append(line)
        if found := re.search(r"(http://\S+?:\d+/)\S*?token=(\w+)", line):
            return found.group(1), found.group(2)
    pytest.fail("lab ended before it told its address:\n" + "".join(heard))


@pytest.fixture
def shots():
    """Keep a screenshot in the folder that `WORKBOOK_SHOTS` names; without it, nobody looks."""
    named = os.environ.get("WORKBOOK_SHOTS")

    def keep(page, name):
        if named:
            Path(named).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(named) / f"{name}.png")

    return keep
