"""Answers that misbehave get a clear verdict, and nobody else pays for it."""

import os
import textwrap
from pathlib import Path

import pytest

from tests.judge.conftest import (
    DOUBLE,
    RIGHT,
    alive,
    before_answering,
    descendants,
    exercise,
    it_doubles,
    project,
)
from workbook_site.checking import Outcome
from workbook_site.judge import Limits

pytestmark = pytest.mark.usefixtures("still_right")


def outcomes(report):
    return [str(each.outcome) for each in report.results]


@pytest.fixture
def soon(court, judged):
    """As `judged`, with less patience: 1.2 s for each check."""
    judge, _ = court
    usual, judge.limits = judge.limits, Limits(check=1.2)
    yield judged
    judge.limits = usual


# --- At import ---


@pytest.mark.parametrize(
    ("line", "message", "where"),
    [
        ("1 / 0", "Your code raised ZeroDivisionError: division by zero", "1 / 0"),
        ("import nothing", "Your code raised ModuleNotFoundError", "import nothing"),
        ("def f(:", "Your code raised SyntaxError: invalid syntax", "def f(:"),
        ("raise SystemExit(3)", "Your code raised SystemExit: 3", "raise SystemExit(3)"),
        ("raise BaseException", "Your code raised BaseException", "raise BaseException"),
        ("input()", "Your code raised EOFError", "input()"),
    ],
)
def test_what_fails_at_import_is_told_once_with_its_line(judged, line, message, where):
    report = judged(RIGHT + "\n" + line)
    assert (report.outcome, report.points) == (Outcome.NOT_YET, 0.0)
    first, *rest = report.results
    assert first.failure.message.startswith(message)
    assert first.failure.actual == f"mysite/views.py, line 10: {where}"
    assert [(each.outcome, each.failure) for each in rest] == [(Outcome.NOT_YET, None)] * 2


def test_settings_that_lead_nowhere_are_told(court):
    judge, run = court
    broken = project(RIGHT)
    broken.files["mysite/settings.py"] += "\nINSTALLED_APPS += ['blog']\n"
    report = run(judge.judge(DOUBLE, broken, project(RIGHT)))
    assert "No module named 'blog'" in report.first_failure.failure.message


# --- Ends ---


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import os; os._exit(7)", "ended the whole process (exit code 7)"),
        ("import os; os._exit(0)", "ended the whole process (exit code 0)"),
        ("import os; os.kill(os.getpid(), 9)", "was killed (SIGKILL)"),
        ("import ctypes; ctypes.string_at(0)", "was killed (SIGSEGV)"),
    ],
)
def test_a_process_that_ends_costs_the_check_and_two_cost_the_rest(judged, code, message):
    answer = before_answering(code)
    report = judged(answer)
    assert message in report.results[0].failure.message
    assert outcomes(report) == ["not yet", "passed", "not yet"]
    many = exercise(it_doubles, it_doubles, it_doubles, it_doubles, points=4.0)
    assert outcomes(judged(answer, many)) == ["not yet", "not yet", "not tried", "not tried"]


def test_a_process_that_ends_at_import(judged):
    report = judged(RIGHT + "\nimport os; os._exit(5)")
    assert outcomes(report) == ["not yet", "not yet", "not tried"]
    assert "exit code 5" in report.results[0].failure.message


def test_a_process_that_ends_after_its_last_answer_is_seen(judged):
    late = "import asyncio, os\n    asyncio.get_running_loop().call_later(0, os._exit, 4)"
    answer = before_answering(late)
    assert judged(answer).outcome is Outcome.NOT_YET


# --- Never ends ---


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("while True: pass", "while True: pass"),
        ("while True: await __import__('asyncio').sleep(0)", "while True: await"),
        ("l = __import__('threading').Lock(); l.acquire(); l.acquire()", "l.acquire()"),
        ("__import__('signal').pause()", "signal"),
    ],
)
def test_a_view_that_never_ends_is_stopped_and_told_where(soon, line, where):
    answer = before_answering(line)
    report = soon(answer)
    failure = report.results[0].failure
    assert failure.message == "Your code had not ended after 1.2 seconds; it was stopped."
    assert failure.actual.startswith("mysite/views.py, line 5: ")
    assert where in failure.actual
    assert outcomes(report) == ["not yet", "passed", "not yet"]


def test_an_answer_has_so_much_time_and_no_more(court, judged):
    judge, _ = court
    usual, judge.limits = judge.limits, Limits(wall=0.0)
    report = judged(RIGHT)
    judge.limits = usual
    assert outcomes(report) == ["not yet", "not yet", "not tried"]
    assert "had not ended" in report.results[0].failure.message


def test_an_import_that_never_ends(soon):
    report = soon(RIGHT + "\nwhile True:\n    pass\n")
    assert outcomes(report) == ["not yet", "not yet", "not tried"]
    assert "views.py, line 1" in report.results[0].failure.actual


def test_a_thread_that_never_ends_is_only_a_thread(judged):
    endless = "import threading, time\nthreading.Thread(target=lambda: time.sleep(1e9)).start()\n"
    assert judged(endless + RIGHT).outcome is Outcome.PASSED


# --- Prints ---


@pytest.mark.parametrize("code", ["print('x' * 100)", "__import__('os').write(1, b'x' * 10**8)"])
def test_printing_without_end_is_stopped_early(judged, code):
    report = judged(f"for _ in range(10**6): {code}\n" + RIGHT)
    failure = report.results[0].failure
    assert failure.message == "Your code printed more than 1,048,576 bytes; it was stopped there."
    assert report.output.startswith("xxxx")
    assert len(report.output) < 5_000
    assert report.output.endswith("(cut: there was more)")


# --- Destroys ---


def test_a_project_that_deletes_its_folder(judged):
    answer = before_answering("import shutil; shutil.rmtree('..')")

    async def rows(site):
        await site.rows("auth.User")

    async def source(site):
        site.source("mysite/views.py")

    report = judged(answer, exercise(it_doubles, rows, source))
    assert report.outcome is Outcome.NOT_YET
    assert outcomes(report)[1:] == ["not yet", "not yet"]
    assert "gone" in report.results[1].failure.message


def test_a_database_that_stays_locked(judged):
    hold = """
import sqlite3
from django.conf import settings
held = []

def hold():
    name = settings.DATABASES["default"]["NAME"]
    held.append(sqlite3.connect(name, isolation_level=None, check_same_thread=False))
    held[0].execute("BEGIN EXCLUSIVE")
"""
    answer = hold + before_answering("hold()")

    async def rows(site):
        (await site.get("/double/", params={"n": 1})).status(200)
        await site.rows("auth.User")

    async def later(site):
        assert await site.rows("auth.User") == []

    report = judged(answer, exercise(rows, later))
    assert outcomes(report) == ["not yet", "passed"]
    assert "database is locked" in report.results[0].failure.message


# --- Has children ---


def test_children_end_with_the_answer_even_those_that_detach(court, judged, tmp_path):
    judge, _ = court
    note = tmp_path / "pids"
    answer = f"""
        import os, subprocess, sys, time
        pids = [subprocess.Popen(["sleep", "600"], start_new_session=True).pid]
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                open({str(note)!r}, "w").write(str(os.getpid()))
                os.close(1)
                while True: __import__("signal").pause()
            os._exit(0)
        os.wait()
        while not os.path.exists({str(note)!r}) or not open({str(note)!r}).read(): pass
        open({str(note)!r}, "a").write(f" {{pids[0]}}")
    """
    report = judged(textwrap.dedent(answer) + RIGHT)
    assert report.outcome is Outcome.PASSED, report
    pids = [int(pid) for pid in note.read_text().split()]
    assert len(pids) == 2
    assert not any(alive(pid) for pid in pids)
    assert descendants(judge.host_pid) == []


def test_nothing_is_left_on_the_disk(court, judged):
    judge, _ = court
    before = set(_folders(judge))
    judged(RIGHT)
    judged("import os; os._exit(1)")
    assert set(_folders(judge)) == before


def _folders(judge):
    return [path for path in Path(judge._home).iterdir() if path.is_dir()]


# --- Cheats ---

CHEATS = {
    "answers that equal everything": """
        class Same(dict):
            def __eq__(self, other): return True
        def answer(request): return JsonResponse(Same(double=0, kind="async"))
    """,
    "json that lies": """
        import json
        json.dumps = lambda *a, **k: '{"double": 0}'
        json.loads = lambda *a, **k: {"double": 0}
        def answer(request): return JsonResponse({})
    """,
    "the checks redefined": """
        import builtins
        from workbook_site.checking import failure, site
        from workbook_site.judge import agent, verdict
        failure.equal = failure.that = site.Site.get = lambda *a, **k: None
        failure.Failure = Exception
        agent.Agent._answer = lambda self, asked: None
        def answer(request): return HttpResponse()
    """,
    "the server redefined": """
        import uvicorn.protocols.http.h11_impl as server
        class Cheat(server.RequestResponseCycle):
            async def run_asgi(self, app):
                await self.send({"type": "http.response.start", "status": 200})
                await self.send({"type": "http.response.body", "body": b"passed"})
        server.RequestResponseCycle = Cheat
        def answer(request): return HttpResponse()
    """,
    "nonsense on the line": """
        import gc, os, socket, stat
        for fd in range(3, 60):
            try:
                if stat.S_ISSOCK(os.fstat(fd).st_mode):
                    os.write(fd, b'{"passed": true}\\n[1, 2]\\nnonsense\\n' + b"x" * 100_000)
            except OSError: pass
        def answer(request): return HttpResponse()
    """,
    "an endless line": """
        import os, stat
        for fd in range(3, 60):
            try:
                if stat.S_ISSOCK(os.fstat(fd).st_mode):
                    os.set_blocking(fd, False)
                    for _ in range(50): os.write(fd, b"9" * 100_000)
            except OSError: pass
        def answer(request): return HttpResponse()
    """,
    "the line closed": """
        import os
        def answer(request):
            os.closerange(3, 100)
            return HttpResponse()
    """,
    "asyncio that does not sleep": """
        import asyncio
        async def sleep(*a): return None
        asyncio.sleep = sleep
        def answer(request): return HttpResponse()
    """,
    "a report of its own": """
        import sys
        sys.stdout.write('{"outcome": "passed", "points": 3}')
        sys.exit(0)
    """,
}

HEAD = "from django.http import HttpResponse, JsonResponse\n"
TAIL = "\ndouble = kind = answer\n"


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_does_not_pass(soon, name):
    report = soon(HEAD + textwrap.dedent(CHEATS[name]) + TAIL)
    assert report.outcome is Outcome.NOT_YET, report
    assert report.results[0].outcome is Outcome.NOT_YET
    assert report.results[0].failure.message


def test_memory_is_bounded(judged):
    report = judged(RIGHT + "\nhoard = b'x' * (4 * 1024**3)")
    assert "MemoryError" in report.results[0].failure.message


def test_files_are_bounded(judged):
    report = judged(RIGHT + "\nopen('big', 'wb').truncate(10 * 1024**3)")
    assert "File too large" in report.results[0].failure.message


def test_the_environment_of_the_judge_stays_with_it(judged, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_JUDGE", "1")
    secret = RIGHT.replace('"async"', 'str(sorted(__import__("os").environ))')
    found = judged(secret).results[1].failure.actual
    assert "SECRET" not in found
    assert "UPSTREAM_URL" in found
    assert os.environ["SECRET_OF_THE_JUDGE"]
