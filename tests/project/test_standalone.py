"""The finished project is the learner's own: it runs where the workbook does not exist."""

import asyncio
import os
import re
import subprocess
import sys

import httpx
import pytest

from workbook_site.project import after, chapters
from workbook_site.services.upstream import Upstream


@pytest.fixture
def newsroom(tmp_path):
    """The project after the last chapter, as plain files."""
    folder = tmp_path / "newsroom"
    for path, text in after(chapters()[-1]).files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
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


def test_it_answers_under_plain_uvicorn(newsroom, alone):
    manage(newsroom, alone, "makemigrations")
    manage(newsroom, alone, "migrate")
    asyncio.run(_ask(newsroom, alone))


async def _ask(folder, env):
    async with Upstream() as upstream:
        server = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "uvicorn", "mysite.asgi:application", "--port", "0"),
            cwd=folder,
            env={**env, "UPSTREAM_URL": upstream.url},
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            url = await _address(server)
            async with httpx.AsyncClient(base_url=url) as client:
                assert (await client.get("/admin/login/")).status_code == 200
                assert (await client.get("/dashboard/")).status_code == 200
            assert {call.service for call in upstream.calls} >= {"payments", "analytics"}
        finally:
            server.terminate()
            await server.communicate()


async def _address(server):
    """Where uvicorn says that it listens."""
    heard = b""
    while line := await server.stderr.readline():
        heard += line
        if found := re.search(rb"running on (http://\S+)", line):
            return found.group(1).decode()
    raise AssertionError(heard.decode())
