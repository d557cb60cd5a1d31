"""Views that hang, cells that are interrupted, kernels that are killed: what stays usable."""

import socket
from contextlib import contextmanager

import psutil
import pytest

from tests.live.conftest import PAGES, ROUTES
from tests.live.kernels import BOOT, Kernel

TROUBLE = """\
%%site pages/trouble.py
import asyncio, threading, time

async def waits(request):
    await forever()

async def forever():
    print("it waits", flush=True)
    await asyncio.gather(asyncio.Event().wait(), quick())

async def quick(): ...

blocks = threading.Event()

def holds(request):
    print("it holds", flush=True)
    threading.Event().wait()

async def spins(request):
    blocks.set()
    while True: pass

async def sleeps(request):
    blocks.set()
    time.sleep(3600)
"""
TROUBLE_ROUTES = """\
%%site mysite/urls.py --append trouble
from pages import trouble
urlpatterns += [
    path(f"{view.__name__}/", view)
    for view in (trouble.waits, trouble.holds, trouble.spins, trouble.sleeps)
]
"""


@pytest.fixture(scope="module")
def troubled(booted):
    booted.good(TROUBLE)
    booted.good(TROUBLE_ROUTES)
    return booted


def still_works(kernel):
    assert kernel.value('(await site.get("/hello/")).json()') == {"hello": "first"}


def line_of(words):
    return TROUBLE.split("\n", 1)[1].split("\n").index(words) + 1


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/waits/", "    await asyncio.gather(asyncio.Event().wait(), quick())"),
        ("/holds/", "    threading.Event().wait()"),
        ("/spins/", "    while True: pass"),
        ("/sleeps/", "    time.sleep(3600)"),
    ],
)
def test_a_view_that_does_not_answer_is_given_up_and_its_line_named(troubled, path, place):
    url = troubled.value("site.url")
    shown = troubled.run(f'await site.get("{path}", timeout=0.3)')
    assert shown.traceback.startswith(f"GET {path} has not answered within 0.3 seconds.")
    assert f"pages/trouble.py:{line_of(place)} in" in shown.traceback
    assert place.strip() in shown.traceback
    assert "workbook_site" not in shown.traceback
    still_works(troubled)
    assert troubled.value("site.url") == url


def test_patience_is_settable(troubled):
    troubled.good("site.patience = 0.2")
    shown = troubled.run('await site.get("/waits/")')
    troubled.good("site.patience = 10")
    assert "within 0.2 seconds" in shown.traceback


@pytest.mark.parametrize(("view", "done"), [("spins", "broken off"), ("sleeps", "restarted")])
def test_a_blocked_site_takes_new_code_and_says_what_blocked_it(troubled, view, done):
    sending = "import threading, urllib.request\nfrom pages import trouble\n"
    sending += f"trouble.blocks.clear()\nurl = site.url + '/{view}/'\n"
    sending += "def ask():\n    try: urllib.request.urlopen(url).read()\n    except OSError: pass\n"
    troubled.good(sending + "threading.Thread(target=ask, daemon=True).start()")
    troubled.good("assert trouble.blocks.wait(30)")
    shown = troubled.good(PAGES)
    assert done in shown.printed
    assert f"in {view}" in shown.printed
    still_works(troubled)


@pytest.mark.parametrize("path", ["/waits/", "/holds/"])
def test_interrupting_a_cell_that_waits_for_a_view(troubled, path):
    sent = troubled.send(f'await site.get("{path}", timeout=3600)')
    troubled.printed(sent, "it waits" if path == "/waits/" else "it holds")
    troubled.manager.interrupt_kernel()
    told = troubled.result(sent).traceback
    assert told.startswith(f"You interrupted the wait for GET {path}.")
    assert "pages/trouble.py" in told
    still_works(troubled)


def test_interrupting_a_file_that_imports_for_ever(troubled):
    code = PAGES + 'print("now it spins", flush=True)\nwhile True: pass\n'
    sent = troubled.send(code)
    troubled.printed(sent, "now it spins")
    troubled.manager.interrupt_kernel()
    assert troubled.result(sent).ename == "KeyboardInterrupt"
    still_works(troubled)
    troubled.good(PAGES.replace("first", "first"))
    still_works(troubled)


def test_run_runs_in_the_sites_loop_and_is_cancelled_with_its_cell(troubled):
    code = (
        "import asyncio, threading\n"
        "async def where(): return threading.current_thread().name\n"
        "print(await site.run(where()))\n"
    )
    assert troubled.good(code).printed == "live site\n"
    code = (
        "ended = threading.Event()\n"
        "async def stay():\n"
        "    try:\n"
        "        print('it stays', flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "    finally:\n"
        "        ended.set()\n"
        "await site.run(stay())"
    )
    sent = troubled.send(code)
    troubled.printed(sent, "it stays")
    troubled.manager.interrupt_kernel()
    assert troubled.result(sent).traceback.startswith("You interrupted the cell")
    assert troubled.good("print(ended.wait(30))").printed == "True\n"


@contextmanager
def nothing_stays(kernel):
    """After this block no process of the kernel is left, no port, no lock."""
    port = int(kernel.value("site.running.server.port"))
    family = [psutil.Process(kernel.pid), *psutil.Process(kernel.pid).children(recursive=True)]
    assert len(family) > 1  # the outside services, at least
    yield
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.1", port)) != 0


def test_a_killed_kernel_leaves_nothing(kernel, content):
    kernel.good(BOOT)
    with nothing_stays(kernel):
        psutil.Process(kernel.pid).kill()
    with Kernel(kernel.workspace, content) as next_one:
        next_one.good(BOOT)
        next_one.good(PAGES)
        next_one.good(ROUTES)
        still_works(next_one)


def test_a_restarted_kernel_leaves_nothing(kernel):
    kernel.good(BOOT)
    with nothing_stays(kernel):
        kernel.manager.restart_kernel(now=False)
        kernel.client.wait_for_ready(timeout=60)
    kernel.good(BOOT)


def test_stop_ends_the_site_and_boot_starts_it_again(kernel):
    kernel.good(BOOT)
    kernel.good("site.stop()")
    assert "The site was stopped" in kernel.run('await site.get("/")').traceback
    kernel.good(BOOT)
    assert kernel.value('(await site.get("/")).status_code') == 200


def test_two_notebooks_on_one_project(tmp_path, content):
    with Kernel(tmp_path, content) as one, Kernel(tmp_path, content) as two:
        sent = [(kernel, kernel.send(BOOT)) for kernel in (one, two)]
        for kernel, cell in sent:
            assert not kernel.result(cell).ename
        assert one.value("site.url") != two.value("site.url")
        one.good(PAGES)
        one.good(ROUTES)
        still_works(one)
        still_works(two)
        two.good(PAGES.replace("first", "second"))
        assert one.value('(await site.get("/hello/")).json()') == {"hello": "second"}


def test_a_path_without_a_slash(troubled):
    assert "a path begins with a slash: not 'hello/'" in (
        troubled.run('await site.get("hello/")').traceback
    )
