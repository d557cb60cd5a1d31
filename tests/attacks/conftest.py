"""A sandboxed judge with little patience, and what can be counted on the machine around it."""

import asyncio
import ctypes
import os
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.judge.conftest import IDLE, descendants
from workbook_site.judge import Judge, Limits, NoSandbox

MB = 1024 * 1024
# Short and small, since many attacks go on until they meet a limit. The honest get their time.
LIMITS = Limits(
    check=2.0, wall=12, memory=384 * MB, disk=8 * MB, file=8 * MB, processes=40, files=128
)

HONEST = replace(LIMITS, check=30, wall=60)

SECRET = "LOOT: the marks of the whole class"

# The rest of the answer: half right, so that each attack has something to lose and to gain.
REST = """
from django.http import HttpResponse, JsonResponse

def attack():
    pass

def double(request):
    attack()
    return JsonResponse({"double": -1})

async def kind(request):
    return JsonResponse({"kind": "async"})

"""


def hostile():
    """All attacks: files, each with what it tries in its first line."""
    return sorted((Path(__file__).parent / "hostile").glob("*.py"))


def answer(file, **told):
    """The whole answer of an attack; `@NAME@` in it stands for a thing it could know."""
    text = file.read_text()
    return REST + re.sub("@([A-Z]+)@", lambda found: str(told[found[1]]), text)


@pytest.fixture(scope="session")
def walled(tmp_path_factory):
    """A sandboxed judge and the loop that it lives in, `(judge, run)`: one a worker."""
    with asyncio.Runner() as runner:
        try:
            cache = tmp_path_factory.mktemp("judge")
            judge = runner.run(Judge(cache=cache, sandbox=True, limits=LIMITS).__aenter__())
        except NoSandbox as error:
            pytest.fail(f"The attacks can only be tried in a sandbox. {error}")
        try:
            yield judge, runner.run
        finally:
            runner.run(judge.__aexit__(None, None, None))


def figures(judge):
    """What an attack may not change: `processes`, `mounts`, `files` that were left about."""
    below = idle(judge)
    return {
        "processes": below,
        "mounts": Path("/proc/self/mounts").read_text().count("\n"),
        "mounts of the host": Path(f"/proc/{below[1]}/mounts").read_text().count("\n"),
        "files": sorted(path.name for path in judge._home.iterdir()),
        "descriptors of the judge": len(list(Path("/proc/self/fd").iterdir())),
        "shared memory": sorted(path.name for path in Path("/dev/shm").iterdir()),
    }


def memory(judge):
    """Bytes that the host holds by itself, and that the judge does."""
    # What was freed is no leak: the C library keeps up to 32 MB of it once a block of 16 was there.
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
    return [_rss(pid) for pid in (os.getpid(), *idle(judge))]


def idle(judge):
    """The processes of the sandbox once it judges nobody: its first one, the host, the keeper."""
    while len(found := descendants(judge.host_pid)) > IDLE:
        time.sleep(0.005)
    return found


def _rss(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+)", status)[1]) * 1024
