"""`site.start`: real processes from a cell, shown as they speak, and gone with the kernel."""

import os
import re
import signal

import psutil
import pytest

from tests.live.kernels import BOOT, PATIENCE, Kernel
from tests.services import projects


@pytest.fixture(scope="module")
def spine(tmp_path_factory, content):
    """A kernel whose project has a queue and a socket."""
    with Kernel(tmp_path_factory.mktemp("workspace"), content) as kernel:
        kernel.good(BOOT)
        for cell in projects.cells():
            kernel.good(cell)
        yield kernel


@pytest.fixture(autouse=True)
def nothing_runs(spine):
    yield
    spine.good("for each in list(site.services): each.stop()")
    spine.good("import os; os.environ.pop('VALKEY_URL', None); site.running.reload()")


def updates(kernel, code, words):
    """Run a cell; the texts that its display takes on afterwards, until one holds `words`."""
    sent, seen = kernel.send(code), []
    while True:
        message = kernel.client.get_iopub_msg(timeout=PATIENCE)
        content = message["content"]
        if message["msg_type"] in ("display_data", "update_display_data"):
            assert content["transient"]["display_id"]
            seen.append((message["msg_type"], content["data"]))
        if message["msg_type"] == "error":
            raise AssertionError(content["traceback"])
        if seen and words in seen[-1][1]["text/plain"]:
            if message["parent_header"].get("msg_id") == sent:
                kernel.result(kernel.send("pass"))
            return seen


def test_a_consumer_shows_its_log_under_the_cell_as_it_grows(spine):
    shown = spine.good('queue = site.start("huey", workers=2)\nqueue')
    assert re.search(r"huey, process \d+, running", shown.plain)
    assert "Huey consumer started with 2 thread" in shown.html
    seen = updates(spine, '_ = await site.get("/hello/", params={"word": "<ada>"})', "hello <ada>")
    assert seen[-1][0] == "update_display_data"
    assert "hello &lt;ada&gt; with nothing of the workbook" in seen[-1][1]["text/html"]
    seen = updates(spine, "queue.stop()", "ended with exit code 0")
    assert "Consumer exiting" in seen[-1][1]["text/plain"]


def test_a_busy_cell_does_not_stop_the_log(spine):
    spine.good('queue = site.start("huey")\nqueue')
    code = (
        "import time\n"
        '_ = await site.get("/hello/", params={"word": "bob"})\n'
        "while 'hello bob' not in queue.log: time.sleep(0.01)\n"
        "time.sleep(0.6)"
    )
    assert updates(spine, code, "hello bob")


def test_waiting_for_words_instead_of_sleeping(spine):
    spine.good('queue = site.start("huey")')
    spine.good('_ = await site.get("/hello/", params={"word": "eve"})')
    assert spine.value('(await queue.said(r"hello (\\w+)"))[1]') == "eve"
    shown = spine.run('await queue.said("never", within=0.1)')
    assert "huey has not said 'never' within 0.1 seconds" in shown.traceback
    assert "hello eve" in shown.traceback
    assert "workbook_site" not in shown.traceback.replace("the workbook", "")
    shown = spine.run('queue.kill()\nawait queue.said("never")')
    assert "huey ended by SIGKILL, and had not said 'never'" in shown.traceback
    assert spine.value("[queue.running, queue.returncode]") == [False, -9]


def test_kill_tears_a_worker_from_its_task(spine):
    spine.good('queue = site.start("huey", worker_type="process")')
    family = psutil.Process(spine.value("queue.pid")).children()
    assert family
    spine.good("from chat import tasks\nimport asyncio\n_ = await asyncio.to_thread(tasks.slow)")
    spine.good('_ = await queue.said("slow begins")\nqueue.kill()')
    assert not psutil.wait_procs(family, timeout=20)[1]


def test_started_twice_it_is_the_same_until_the_code_changes(spine):
    spine.good('queue = site.start("huey", workers=2)')
    shown = spine.good('same = site.start("huey", workers=2)')
    assert shown.printed == ""
    assert spine.value("same is queue")
    shown = spine.good('queue = site.start("huey", workers=1)')
    assert "huey was restarted: it has other options now." in shown.printed
    assert spine.value("[same.running, queue.running]") == [False, True]
    spine.good("%%site chat/tasks.py\n" + projects.TASKS + "# another line\n")
    shown = spine.good('queue = site.start("huey", workers=1)')
    told = "huey was restarted: it ran the code as it was before chat/tasks.py changed."
    assert told in shown.printed
    spine.good("queue.stop()")
    assert spine.value('site.start("huey", workers=1).running')


def test_two_of_a_kind_have_names(spine):
    spine.good('one = site.start("uvicorn")\ntwo = site.start("uvicorn", name="second")')
    assert spine.value("one.port != two.port and [each.name for each in site.services]")
    shown = spine.good("site")
    assert re.search(
        r"processes +uvicorn at http://127\.0\.0\.1:\d+, process \d+, running", shown.plain
    )
    assert re.search(r"\n +second at http", shown.plain)
    assert "is already the name of another process (uvicorn)" in (
        spine.run('site.start("huey", name="second")').traceback
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            'site.start("celery")',
            "nothing to start that is called 'celery'. There is: huey, uvicorn",
        ),
        ('site.start("huey", wokers=2)', "huey has no option 'wokers'. It has: workers"),
        ('site.start("valkey", port=1)', "valkey has no option 'port'. It has: none"),
        ('site.start("huey", worker_type="gun")', "invalid choice: 'gun'"),
    ],
)
def test_mistakes_are_told_in_a_sentence(spine, code, said):
    shown = spine.run(code)
    assert said in shown.traceback
    assert "site-packages" not in shown.traceback
    assert "workbook_site/" not in shown.traceback


def test_an_outside_server_is_asked_like_the_site(spine):
    spine.good('web = site.start("uvicorn", workers=2)')
    told = spine.value('(await web.get("/hello/", params={"word": "x"}, user="ada")).json()')
    assert told["pid"] != spine.pid
    assert told["user"] == "ada"
    assert told["workbook"] == []
    assert told["upstream"] == spine.value("site.upstream.url")
    told = spine.value('(await web.post("/hello/", params={"word": "x"})).json()')
    assert (told["method"], told["user"]) == ("POST", "")
    assert spine.value('(await web.post("/hello/?word=x", csrf=False)).status_code') == 403
    assert spine.value('(await web.load("/hello/?word=x", requests=4)).ok')
    shown = spine.run('web.stop()\nawait web.get("/hello/")')
    assert "GET /hello/ got no answer" in shown.traceback
    assert "ended with exit code 0" in shown.traceback


def test_valkey_joins_the_site_and_an_outside_process(spine):
    spine.good('broker = site.start("valkey")\nweb = site.start("uvicorn")')
    assert "RedisChannelLayer" in spine.good("site").plain
    password = spine.value("broker.url").split(":")[2].split("@")[0]
    assert password not in spine.good("site").plain + spine.good("broker").plain
    shown = spine.good(
        'async with site.socket("/ws/", user="ada") as a, web.socket("/ws/", user="bob") as b:\n'
        '    await a.send("hi")\n'
        "    print(await a.receive(), await b.receive())\n"
    )
    assert shown.printed.count("{'text': 'hi', 'by': 'ada'}") == 2
    assert spine.value('broker.url == (broker.kill(), site.start("valkey"))[1].url')


def test_everything_is_gone_with_a_kernel_that_is_killed(kernel):
    kernel.good(BOOT)
    for cell in projects.cells():
        kernel.good(cell)
    kernel.good(
        'a = site.start("valkey")\nb = site.start("huey", worker_type="process", workers=2)\n'
        'c = site.start("uvicorn", workers=2)\n'
    )
    family = psutil.Process(kernel.pid).children(recursive=True)
    names = [" ".join(each.cmdline()) for each in family]
    assert sum("valkey-server" in name or "redis-server" in name for name in names) >= 1
    assert sum("run_huey" in name for name in names) >= 4  # keeper, consumer, two workers
    assert sum("uvicorn" in name for name in names) >= 2  # keeper, parent
    os.kill(kernel.pid, signal.SIGKILL)
    assert not psutil.wait_procs(family, timeout=30)[1]


def test_stopping_the_site_stops_them_all(kernel):
    kernel.good(BOOT)
    for cell in projects.cells():
        kernel.good(cell)
    kernel.good('site.start("valkey"), site.start("huey")')
    family = [psutil.Process(pid) for pid in kernel.value("[each.pid for each in site.services]")]
    kernel.good("site.stop()")
    assert not psutil.wait_procs(family, timeout=20)[1]
