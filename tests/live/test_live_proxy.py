"""The site through a real jupyter-server-proxy, below a base address as on a hub."""

import os
import re
import subprocess
from contextlib import contextmanager

import httpx
import pytest

from tests import jupyters
from tests.live.conftest import PAGES, ROUTES
from tests.live.kernels import BOOT, CHECKOUT, Kernel

BASE = "/user/ada/"
TOKEN = "secret"


@contextmanager
def jupyter(folder):
    """A Jupyter server on a free port; gives its address."""
    argv = [*jupyters.SERVER, "--no-browser", "--allow-root"]
    argv += [f"--ServerApp.base_url={BASE}", f"--IdentityProvider.token={TOKEN}"]
    argv += ["--ServerApp.port=0", "--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={folder}"]
    paths = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    process = subprocess.Popen(argv, stderr=subprocess.PIPE, text=True, cwd=folder, env=paths)
    try:
        for line in process.stderr:
            found = re.search(r"(http://127\.0\.0\.1:\d+)/user/ada/", line)
            if found:
                break
        yield found[1]
    finally:
        process.terminate()
        process.stderr.read()
        process.wait()
        process.stderr.close()


@pytest.fixture(scope="module")
def proxied(tmp_path_factory, content):
    """A client behind the proxy, with the prefix that it has to use; and the kernel."""
    with (
        Kernel(tmp_path_factory.mktemp("workspace"), content) as kernel,
        jupyter(tmp_path_factory.mktemp("jupyter")) as address,
    ):
        kernel.good(BOOT)
        kernel.good(PAGES)
        kernel.good(ROUTES)
        prefix = f"{BASE}proxy/{kernel.value('site.running.server.port')}"
        headers = {"Authorization": f"token {TOKEN}", "User-Agent": "Mozilla/5.0"}
        with httpx.Client(base_url=address, headers=headers, timeout=30) as client:
            yield client, prefix, kernel


def test_pages_answer_without_the_refusal_to_be_framed(proxied):
    client, prefix, _ = proxied
    got = client.get(f"{prefix}/hello/")
    assert got.json() == {"hello": "first"}
    assert "x-frame-options" not in got.headers


def test_links_and_redirects_stay_below_the_prefix(proxied):
    client, prefix, kernel = proxied
    kernel.good(
        PAGES.replace(
            'JsonResponse({"hello": "first"})',
            'JsonResponse({"url": reverse("admin:index"), "host": request.get_host()})',
        ).replace("import asyncio", "from django.urls import reverse")
    )
    told = client.get(f"{prefix}/hello/").json()
    assert told["url"] == f"{prefix}/admin/"
    assert told["host"] == f"127.0.0.1:{prefix.rpartition('/')[2]}"
    got = client.get(f"{prefix}/admin/")
    assert got.status_code == 302
    assert got.headers["location"].startswith(f"{prefix}/admin/login/?next=")


def test_static_files_and_a_form(proxied):
    """The admin's login page: its style sheet is found, and its form may be sent."""
    client, prefix, kernel = proxied
    kernel.good('_ = await site.get("/admin/login/")')  # the first link to a static file is direct
    page = client.get(f"{prefix}/admin/login/")
    style = re.search(r'href="([^"]+base\.css)"', page.text)[1]
    assert style.startswith(prefix)
    assert client.get(style).status_code == 200
    direct = kernel.value('(await site.get("/admin/login/")).text')
    assert 'href="/static/admin/css/base.css"' in direct

    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    origin = str(client.base_url).rstrip("/")
    sent = client.post(
        f"{prefix}/admin/login/",
        data={"csrfmiddlewaretoken": token, "username": "ada", "password": "x"},
        headers={"Origin": origin},
    )
    assert sent.status_code == 200  # asked again, not refused
    assert "Please enter the correct username" in sent.text


def test_the_script_of_show_finds_the_site_by_its_token(proxied):
    client, prefix, kernel = proxied
    token = kernel.value("site.door.token")
    assert client.get(f"{prefix}/__workbook__/").text == token
    shown = kernel.good('site.show("/hello/", height=120)')
    assert token in shown.html
    assert "height:120px" in shown.html
    assert "/hello/" in shown.plain
