"""huey's consumer and uvicorn, run for a project of the learner's, with nothing of ours inside."""

import os
import signal
import socket

import httpx
import pytest

from tests.services.projects import project
from workbook_site.places import CHECKOUT
from workbook_site.services import apart, huey, web
from workbook_site.services.process import NotStarted


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory):
    return project(tmp_path_factory.mktemp("project"))


def enqueue(newsroom, word):
    """As the web process would: a task in the queue's file."""
    with web.start(newsroom) as server:
        return httpx.get(f"{server.ready}/hello/", params={"word": word}, trust_env=False).json()


@pytest.fixture(autouse=True)
def migrated(newsroom):
    if not (newsroom / "db.sqlite3").exists():
        words = [huey.RUN[0], "manage.py", "migrate", "-v0"]
        with huey.process.start(words, env=apart.environment(), cwd=newsroom) as child:
            while child.running:
                pass
            assert child.returncode == 0, child.log()


def test_a_consumer_runs_what_another_process_queued(newsroom):
    told = enqueue(newsroom, "ada")
    assert told["workbook"] == []
    with huey.start(newsroom, workers=2) as consumer:
        wait_until(lambda: "hello ada with nothing of the workbook" in consumer.log())
    assert "Huey consumer started with 2 thread" in consumer.log()
    assert "All workers have stopped" in consumer.log()
    assert consumer.returncode == 0


def test_two_web_workers_share_one_free_port(newsroom):
    with web.start(newsroom, workers=2) as server:
        assert server.log().count("Application startup complete.") == 2
        url = f"{server.ready}/admin/login/"
        assert httpx.get(url, trust_env=False).status_code == 200
        assert web.port_of(server.ready) > 0
    assert server.log().count("Finished server process") == 2


def test_a_port_that_is_asked_for_and_taken(newsroom):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(NotStarted, match=f"Port {port} is taken"):
            web.start(newsroom, port=port)
        with pytest.raises(NotStarted, match=f"Port {port} is taken"):
            web.start(newsroom, port=port, workers=2)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_project_that_can_not_be_loaded_ends_the_wait_at_once(tmp_path, workers):
    newsroom = project(tmp_path)
    (newsroom / "chat/views.py").write_text("nonsense\n")
    (newsroom / "mysite/asgi.py").write_text("from chat import views\n")
    with pytest.raises(NotStarted, match="name 'nonsense' is not defined"):
        web.start(newsroom, workers=workers)


def test_a_consumer_without_its_app_says_what_is_missing(tmp_path):
    newsroom = project(tmp_path)
    settings = newsroom / "mysite/settings.py"
    settings.write_text(settings.read_text().replace('"huey.contrib.djhuey", ', ""))
    with pytest.raises(NotStarted, match=r'Does "huey\.contrib\.djhuey" stand in INSTALLED_APPS'):
        huey.start(newsroom)


def test_a_consumer_of_an_immediate_queue_says_why_there_is_nothing_to_do(tmp_path):
    newsroom = project(tmp_path)
    settings = newsroom / "mysite/settings.py"
    settings.write_text(settings.read_text().replace('    "immediate": False,\n', ""))
    with pytest.raises(NotStarted, match='unless HUEY holds "immediate": False'):
        huey.start(newsroom)


def test_the_environment_is_the_projects_own(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(CHECKOUT), "/somewhere/else"]))
    told = apart.environment()
    assert told["PYTHONPATH"] == "/somewhere/else"
    assert told["DJANGO_SETTINGS_MODULE"] == "mysite.settings"
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    assert "PYTHONPATH" not in apart.environment()


def test_a_graceful_signal_of_ones_own(newsroom):
    with huey.start(newsroom, graceful_signal="TERM", periodic=False) as consumer:
        assert "Periodic tasks are disabled" in consumer.log()
        consumer.signal(signal.SIGTERM)
        wait_until(lambda: not consumer.running)
    assert "All workers have stopped" in consumer.log()


def wait_until(done):
    """Look until it is so; a failure is a test that hangs until the suite's own limit."""
    import time

    deadline = time.monotonic() + 30
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)
