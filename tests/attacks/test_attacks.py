"""What strangers may hand in: it earns nothing, says why, and changes nothing for the others."""

import json
import socket
import sys
from pathlib import Path

import pytest

from tests.attacks.conftest import HONEST, LIMITS, MB, SECRET, answer, figures, hostile, memory
from tests.judge.conftest import RIGHT, exercise, it_doubles, it_says_what_it_is, project
from workbook_site.checking import Outcome, equal


async def its_files_are_looked_at(site):
    """Rows, mails, tasks and sources, after the attack had its turn."""
    await site.get("/double/", params={"n": 1})
    equal(await site.rows("auth.User"), [])
    await site.outbox()
    await site.tasks.queued()
    site.source("mysite/urls.py")
    equal((await site.get("/double/", params={"n": 2})).json(), {"double": 4})


PROJECTS = Path(__file__).parent / "projects"
ASKED = exercise(it_doubles, it_says_what_it_is, its_files_are_looked_at)


@pytest.fixture
def judged(walled):
    """`judged(answer)`: the report on it, by the sandboxed judge of this worker."""
    judge, run = walled
    base = project(RIGHT)

    def judged(text):
        judge.limits = HONEST if text == RIGHT else LIMITS
        return run(judge.judge(ASKED, project(text), base, seed=1))

    return judged


@pytest.fixture(scope="module")
def warmed(walled):
    """An honest answer was judged before the first attack; after that, one follows each."""
    judge, run = walled
    judge.limits = HONEST
    report = run(judge.judge(ASKED, project(RIGHT), project(RIGHT), seed=1))
    assert report.outcome is Outcome.PASSED, report


@pytest.fixture
def unchanged(walled, warmed, judged, tmp_path, monkeypatch):
    """The machine is as it was, and the same host gives an honest answer its due."""
    monkeypatch.setenv("SECRET_OF_THE_GRADER", "1")
    judge, _ = walled
    before, weights = figures(judge), memory(judge)
    yield
    report = judged(RIGHT)
    assert report.outcome is Outcome.PASSED, report
    assert figures(judge) == before
    for weight, was in zip(memory(judge), weights, strict=True):
        assert weight - was < 24 * MB


@pytest.mark.parametrize("file", hostile(), ids=lambda file: file.stem)
@pytest.mark.usefixtures("unchanged")
def test_an_attack(file, judged, tmp_path):
    secret = tmp_path / "gradebook.sqlite3"
    secret.write_text(SECRET)
    proof = tmp_path / "proof"
    with socket.create_server(("127.0.0.1", 0)) as service:
        known = {
            "SECRET": secret,
            "PROOF": proof,
            "PORT": service.getsockname()[1],
            "PREFIXES": sys.base_prefix,
        }
        text = answer(file, **known)
        report = judged(text)
        service.settimeout(0)
        with pytest.raises(BlockingIOError):
            service.accept()
    told = json.dumps(report.to_json())
    assert "LOOT" not in told, report.output
    assert secret.read_text() == SECRET
    assert not proof.exists()
    equal(report.possible, 3.0, f"a fault of ours: {told}")
    equal(report.outcome, Outcome.NOT_YET, told)
    # The half that is right earns its point, unless the attack took its own process with it.
    kept = report.results[1].outcome is Outcome.PASSED
    assert report.points == float(kept), told
    assert kept or "(earns 0)" in text or "[all]" in text, told
    assert report.first_failure.failure.message, told


# --- Attacks that need a project of their own ---

TASKS_SETTINGS = """
from mysite.start import *
INSTALLED_APPS = [*INSTALLED_APPS, "huey.contrib.djhuey", "mysite"]
HUEY = {"huey_class": "huey.SqliteHuey", "immediate": False}
DEBUG = True
"""
SOCKET_SETTINGS = """
from mysite.start import *
INSTALLED_APPS = ["daphne", *INSTALLED_APPS, "channels"]
ASGI_APPLICATION = "mysite.asgi.application"
"""
SOCKET_ASGI = """
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path
django = get_asgi_application()
from mysite.consumers import Flood
application = ProtocolTypeRouter(
    {"http": django, "websocket": URLRouter([path("ws/", Flood.as_asgi())])}
)
"""


async def the_queue_ends(site):
    """What is queued runs, and then there is nothing left."""
    await site.call("mysite.tasks.queue_up")
    equal(len(await site.tasks.run()), 1)


async def it_says_one_thing(site):
    """Who connects is told one thing, and no more."""
    async with site.socket("/ws/") as socket:
        await socket.receive_text()
        await socket.nothing()


def _in_a_project(name, settings, **files):
    """The starter with other settings; a file that is None is the attack."""
    made = project(RIGHT)
    text = (PROJECTS / f"{name}.py").read_text()
    made.files["mysite/start.py"] = made.files["mysite/settings.py"]
    made.files["mysite/settings.py"] = settings
    made.files.update({f"mysite/{path}.py": told or text for path, told in files.items()})
    return made


def _nothing_for(walled, evil, check):
    judge, run = walled
    judge.limits = LIMITS
    report = run(judge.judge(exercise(check), evil, evil, seed=1))
    assert (report.outcome, report.points, report.possible) == (Outcome.NOT_YET, 0.0, 3.0), report
    assert report.first_failure.failure.message


@pytest.mark.usefixtures("unchanged")
def test_a_task_that_requeues_itself_for_ever(walled):
    evil = _in_a_project("requeue", TASKS_SETTINGS, tasks=None)
    _nothing_for(walled, evil, the_queue_ends)


@pytest.mark.usefixtures("unchanged")
def test_a_consumer_that_floods(walled):
    evil = _in_a_project("flood", SOCKET_SETTINGS, consumers=None, asgi=SOCKET_ASGI)
    _nothing_for(walled, evil, it_says_one_thing)
