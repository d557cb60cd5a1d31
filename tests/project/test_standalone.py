"""The finished project is the learner's own: it runs where the workbook does not exist."""

import asyncio
import contextlib
import json
import os
import re
import subprocess
import sys

import httpx
import pytest
from websockets.asyncio.client import connect

from workbook_site.project import after, chapters
from workbook_site.project.lay import write
from workbook_site.services.upstream import Upstream

AUTHOR = """
from blog.models import Author
Author.objects.create(name="Ada", email="ada@b.example")
"""


@pytest.fixture
def newsroom(tmp_path):
    """The project after the last chapter, as plain files."""
    folder = tmp_path / "newsroom"
    for path, text in after(chapters()[-1]).files.items():
        write(folder / path, text)
    return folder


@pytest.fixture
def alone(tmp_path):
    """An environment in which `import workbook_site` fails."""
    wall = tmp_path / "wall" / "workbook_site"
    wall.mkdir(parents=True)
    (wall / "__init__.py").write_text("raise ImportError('the workbook is not here')\n")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WORKBOOK")}
    return {**kept, "PYTHONPATH": str(wall.parent), "PYTHONUNBUFFERED": "1"}


def manage(folder, env, *words):
    done = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", *words],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_nothing_of_the_workbook_stands_in_the_project(newsroom):
    for path in newsroom.rglob("*.*"):
        assert "workbook" not in path.read_text(encoding="utf-8"), path


def test_the_wall_holds(newsroom, alone):
    words = [sys.executable, "-c", "import workbook_site"]
    done = subprocess.run(words, cwd=newsroom, env=alone, capture_output=True, check=False)
    assert b"the workbook is not here" in done.stderr


def test_django_is_content_with_it(newsroom, alone):
    assert "no issues" in manage(newsroom, alone, "check")
    manage(newsroom, alone, "makemigrations")
    assert "No changes" in manage(newsroom, alone, "makemigrations", "--check")
    assert "Applying auth" in manage(newsroom, alone, "migrate")


def test_it_serves_chats_and_works_behind_the_page_with_plain_commands(newsroom, alone):
    """`uvicorn` and `manage.py run_huey`: pages, sockets and tasks, over HTTP and WebSocket."""
    manage(newsroom, alone, "makemigrations")
    manage(newsroom, alone, "migrate")
    author = (
        "from blog.models import Author; Author.objects.create(name='Ada', email='ada@b.example')"
    )
    manage(newsroom, alone, "shell", "-c", author)
    asyncio.run(_try_it(newsroom, alone))


async def _try_it(folder, env):
    async with asyncio.timeout(120), Upstream() as upstream:
        env = {**env, "UPSTREAM_URL": upstream.url}
        web = _process(folder, env, "-m", "uvicorn", "mysite.asgi:application", "--port", "0")
        worker = _process(folder, env, "manage.py", "run_huey")
        async with web as server, worker as consumer:
            url = (await _said(server, rb"running on (http://\S+)"))[1].decode()
            await _said(consumer, rb"Huey consumer started")
            async with httpx.AsyncClient(base_url=url) as client:
                await _pages_answer(client, upstream)
                await _published_is_mailed(client, upstream)
            await _two_chat(url)


async def _pages_answer(client, upstream):
    assert (await client.get("/admin/login/")).status_code == 200
    assert (await client.get("/dashboard/")).status_code == 200
    assert {call.service for call in upstream.calls} >= {"payments", "analytics"}


async def _published_is_mailed(client, upstream):
    """The view answers at once; the mail comes from the worker, which is another process."""
    told = {"title": "Out at last", "author": "ada@b.example"}
    assert (await client.post("/blog/publish/", json=told)).status_code == 201
    await upstream.until(lambda: any(call.service == "mail" for call in upstream.calls))
    (mail,) = [call for call in upstream.calls if call.service == "mail"]
    assert json.loads(mail.body)["to"] == "ada@b.example"


async def _two_chat(url):
    room = url.replace("http", "ws", 1) + "/ws/chat/lobby/"
    async with connect(room, origin=url) as one, connect(room, origin=url) as two:
        await one.send(json.dumps({"text": "good morning"}))
        assert json.loads(await two.recv())["text"] == "good morning"


@contextlib.asynccontextmanager
async def _process(folder, env, *words):
    streams = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.STDOUT}
    line = [sys.executable, *words]
    started = await asyncio.create_subprocess_exec(*line, cwd=folder, env=env, **streams)
    try:
        yield started
    finally:
        started.terminate()
        await started.communicate()


async def _said(process, pattern):
    """Read what it prints until this is said."""
    heard = b""
    while line := await process.stdout.readline():
        heard += line
        if found := re.search(pattern, heard):
            return found
    raise AssertionError(heard.decode())
