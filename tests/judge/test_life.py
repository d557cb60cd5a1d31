"""Who lives how long: the host, its children, and what they leave when an owner is killed."""

import asyncio
import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.judge.conftest import (
    DOUBLE,
    RIGHT,
    alive,
    descendants,
    environment,
    gone,
    project,
)
from workbook_site.checking import Failure, Outcome
from workbook_site.judge import Judge, Limits, leftovers, start
from workbook_site.judge.start import HostError, WarmHost

ENDLESS = RIGHT + "\nwhile True:\n    pass\n"
# A judge in a process of its own, with an answer that hangs, one child of which has detached. No
# limit of a check ends it.
OWNER = """
import asyncio, sys
from tests.judge.conftest import DOUBLE, RIGHT, project
from workbook_site.judge import Judge, Limits

ANSWER = '''
import subprocess, time
subprocess.Popen(["sleep", "600"], start_new_session=True)
print("up", flush=True)
while True: pass
'''

async def main():
    async with Judge(limits=Limits(check=600, wall=600)) as judge:
        print(judge.host_pid, judge._home, flush=True)
        await judge.judge(DOUBLE, project(RIGHT + ANSWER), project(RIGHT))

asyncio.run(main())
"""


@pytest.fixture(params=["fork", "spawn"])
def either(request, monkeypatch):
    """The test runs twice: with forks of the warm host, and with fresh interpreters."""
    monkeypatch.setenv("WORKBOOK_SPAWN", "1" if request.param == "spawn" else "0")
    return request.param


def test_right_and_wrong_with_and_without_a_fork(either):
    async def both():
        async with Judge(limits=Limits(check=30, wall=90)) as judge:
            base = project(RIGHT)
            right = await judge.judge(DOUBLE, project(RIGHT), base)
            wrong = await judge.judge(DOUBLE, project(RIGHT.replace("2 *", "3 *")), base)
            broken = await judge.judge(DOUBLE, project("1 / 0"), base)
            return right, wrong, broken, descendants(judge.host_pid)

    right, wrong, broken, left = asyncio.run(both())
    assert right.outcome is Outcome.PASSED, right
    assert [str(each.outcome) for each in wrong.results] == ["not yet", "passed", "not yet"]
    assert "ZeroDivisionError" in broken.first_failure.failure.message
    assert left == []


async def _until(condition):
    while not condition():
        await asyncio.sleep(0.01)


async def _killed_in_the_middle(victim):
    """Start an owner, wait until its answer hangs, kill one process; those that must end."""
    owner = await asyncio.create_subprocess_exec(
        sys.executable, "-c", OWNER, stdout=subprocess.PIPE, env=environment()
    )
    try:
        host, home = (await owner.stdout.readline()).split()
        host = int(host)
        # The hanging child and its own child, which has a session of its own.
        await _until(lambda: len(descendants(host)) >= 2)
        below = descendants(host)
        os.kill(owner.pid if victim == "owner" else host, signal.SIGKILL)
        await gone(*below, host)
    finally:
        with contextlib.suppress(ProcessLookupError):
            owner.kill()
        await owner.wait()
    return home.decode()


def test_nothing_outlives_a_killed_owner(either):
    home = asyncio.run(asyncio.wait_for(_killed_in_the_middle("owner"), 60))
    assert not Path(home).exists(), either


@pytest.fixture
def apart(monkeypatch):
    """A folder for temporary files that no judge of another test sweeps meanwhile. It is short, for
    the paths of sockets."""
    with tempfile.TemporaryDirectory(prefix="w-", dir=start.SYSTEMS) as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def test_nothing_outlives_a_killed_host(either, apart):
    home = Path(asyncio.run(asyncio.wait_for(_killed_in_the_middle("host"), 60)))
    assert home.parent == apart

    # Both were killed who would have cleared up. Whoever judges here next does it, once the last
    # process that held the log is gone, which the kernel may still be ending.
    async def another():
        await _until(lambda: _is_nobodys(home / leftovers.LOG))
        async with Judge() as judge:
            assert judge._home.exists(), either

    asyncio.run(asyncio.wait_for(another(), 60))
    assert not home.exists()


def _is_nobodys(log):
    try:
        with log.open("rb") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except FileNotFoundError:  # its judge lived long enough to clear up
        pass
    return True


def test_a_killed_host_is_replaced():
    async def replaced():
        async with Judge() as judge:
            first = judge.host_pid
            assert (await _right(judge)).outcome is Outcome.PASSED
            os.kill(first, signal.SIGKILL)
            await gone(first)
            report = await _right(judge)
            return report, first, judge.host_pid

    report, first, second = asyncio.run(replaced())
    assert report.outcome is Outcome.PASSED, report
    assert first != second


def test_a_host_is_replaced_whose_end_nobody_has_heard_of_yet():
    async def replaced():
        async with Judge() as judge:
            await _right(judge)
            os.kill(judge.host_pid, signal.SIGKILL)
            os.waitid(os.P_PID, judge.host_pid, os.WEXITED | os.WNOWAIT)  # the loop stands still
            return await _right(judge)

    report = asyncio.run(replaced())
    assert report.outcome is Outcome.PASSED, report


def test_a_folder_for_temporary_files_may_be_far_down(tmp_path, monkeypatch):
    """The path of a Unix socket may not be long."""
    far = tmp_path / ("far_" * 20)
    far.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(far))

    async def judged():
        async with Judge() as judge:
            return await _right(judge)

    assert asyncio.run(judged()).outcome is Outcome.PASSED


async def _right(judge):
    return await judge.judge(DOUBLE, project(RIGHT), project(RIGHT))


def test_the_end_of_a_judge_is_the_end_of_all(tmp_path):
    async def ended():
        async with Judge(cache=tmp_path) as judge:
            await _right(judge)
            return judge.host_pid, judge._home

    host, home = asyncio.run(ended())
    assert not alive(host)
    assert not home.exists()
    assert list(tmp_path.iterdir())


def test_cancelling_a_verdict_ends_its_process(court):
    judge, run = court

    async def cancelled():
        grading = asyncio.create_task(judge.judge(DOUBLE, project(ENDLESS), project(RIGHT)))
        await _until(lambda: descendants(judge.host_pid))
        grading.cancel()
        await asyncio.wait({grading})
        assert grading.cancelled()
        await _until(lambda: not descendants(judge.host_pid))
        return await _right(judge)

    assert run(cancelled()).outcome is Outcome.PASSED


def test_several_answers_at_once_do_not_meet(court):
    judge, run = court
    answers = [RIGHT, RIGHT.replace("2 *", "3 *"), "1 / 0", RIGHT] * 2

    async def all_of_them():
        base = project(RIGHT)
        return await asyncio.gather(
            *(judge.judge(DOUBLE, project(answer), base) for answer in answers)
        )

    points = [report.points for report in run(all_of_them())]
    assert points == [3.0, 1.0, 0.0, 3.0] * 2


# --- The project's own start ---

LIFESPAN = """
import asyncio, os
from django.core.asgi import get_asgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
django = get_asgi_application()

async def application(scope, receive, send):
    if scope["type"] != "lifespan":
        return await django(scope, receive, send)
    await receive()
    await asyncio.sleep(40)
    await send({"type": "lifespan.startup.{how}"})
    await receive()
"""


def _with_lifespan(how):
    files = project(RIGHT)
    files.files["mysite/asgi.py"] = LIFESPAN.replace("{how}", how)
    return files


def test_a_lifespan_may_take_its_time(court):
    judge, run = court

    async def asked():
        async with judge.site(_with_lifespan("complete")) as site:
            (await site.get("/kind/")).json({"kind": "async"})
            assert site.now == pytest.approx(40)

    run(asked())


def test_a_lifespan_that_fails_is_told(court):
    judge, run = court

    async def asked():
        async with judge.site(_with_lifespan("failed")):
            pass

    with pytest.raises(Failure, match=r"lifespan\.startup\.failed"):
        run(asked())


def test_a_host_that_breaks_while_it_gets_warm_says_why(tmp_path):
    home = tmp_path / "judge-broken"
    home.mkdir()
    (home / "uvicorn.py").write_text("raise MemoryError('none is left')\n")

    async def begin():
        async with Judge(host=WarmHost(home)):
            pass

    with pytest.raises(HostError, match="none is left"):
        asyncio.run(begin())
    assert not home.exists()


def test_an_empty_folder_of_long_ago_is_swept_and_no_other(tmp_path):
    """A judge that was killed before it started a host leaves one."""
    old, new, full = (tmp_path / f"judge-{name}" for name in ("old", "new", "full"))
    for each in (old, new, full):
        each.mkdir()
    (full / "file").touch()
    for each in (old, full):
        os.utime(each, (0, 0))
    leftovers.sweep(tmp_path)
    assert [each.exists() for each in (old, new, full)] == [False, True, True]


def test_a_host_that_is_not_warm_yet_goes_with_its_owner(tmp_path):
    code = (
        "import asyncio, os\n"
        "from workbook_site.judge import Judge, start\n"
        "run = start._run\n"
        "def run_and_end(told, descriptor, answers):\n"
        "    host = run(told, descriptor, answers)\n"
        "    print(host.pid, answers, flush=True)\n"
        "    os.killpg(0, 9)\n"
        "start._run = run_and_end\n"
        "asyncio.run(Judge().__aenter__())\n"
    )
    owner = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(TMPDIR=str(tmp_path)),
        stdout=subprocess.PIPE,
        start_new_session=True,
        timeout=60,
    )
    host, home = owner.stdout.split()
    asyncio.run(asyncio.wait_for(gone(int(host)), 60))
    assert not Path(home.decode()).exists()
