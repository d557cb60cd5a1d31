"""What every test may use."""

import asyncio
import gc
import os

import pytest
from xdist.scheduler import LoadScopeScheduling

from workbook_site.hidden import ADDRESSES, hide

# Each worker reads notebooks.
hide(ADDRESSES)

# These take longest: they begin first, so that no worker is left alone with one at the end.
FIRST = ("notebooks", "browser", "nbgrader", "grading", "mishaps", "environments")
# Of these each test stands alone.
ALONE = ("answers", "attacks")
# These run all chapters, whose claims about time want a machine that does not do so twice.
CHAPTERS = ("tests/notebooks/test_chapters.py", "tests/browser/test_chapters.py")
# What these share takes nbgrader half a minute to make.
TOGETHER = "nbgrader"


class Sharing(LoadScopeScheduling):
    """Tests of a module stay together: what they share (a Lab, a kernel, a server) starts once."""

    def __init__(self, config, log=None):
        super().__init__(config, log)
        config.option.loadscopereorder = False  # the order is that of the collection

    def _split_scope(self, nodeid):
        module = nodeid.partition("::")[0]
        folder = module.split("/")[1]
        if module in CHAPTERS:
            return "chapters"
        if folder == TOGETHER:
            return folder
        return nodeid if folder in ALONE else module


def pytest_xdist_make_scheduler(config, log):
    """How the tests are shared out among workers."""
    return Sharing(config, log)


def pytest_configure(config):
    """The worker that gets the chapters, which begin first, gets most of the machine meanwhile.

    Hundreds of processes start: what they import is compiled once, whatever the surroundings say.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    worker = getattr(config, "workerinput", {}).get("workerid", "gw0")
    if worker != "gw0" and hasattr(os, "nice"):
        os.nice(5)


def pytest_collection_finish():
    """What is loaded by now stays; the collector of garbage need not go through it each time."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items):
    """Long ones first, the others in their order."""
    items.sort(key=_begins)


def _begins(item):
    folder = item.path.parent.name
    return FIRST.index(folder) if folder in FIRST else len(FIRST)


@pytest.fixture(scope="session")
def court(tmp_path_factory):
    """A judge and the loop that it lives in, `(judge, run)`: one a worker, its host is warm.

    Databases are made once for all workers, as they are for all workers of a grader.
    """
    from workbook_site.judge import Judge

    own = tmp_path_factory.getbasetemp()
    cache = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "judge-cache"
    with asyncio.Runner() as runner:
        judge = runner.run(Judge(cache=cache).__aenter__())
        try:
            yield judge, runner.run
        finally:
            runner.run(judge.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def grade(court):
    """Judge an answer for real: `grade(exercise, answer)` gives the Report. One judge a worker."""
    judge, run = court
    return lambda exercise, answer: run(judge.grade(exercise, answer))


@pytest.fixture(scope="session")
def ask(court):
    """Ask a project of one's own: `ask(files, check)` runs `await check(site)`; what it returns.

    `files` are laid over the starter. Failures are raised.
    """
    judge, run = court

    async def asked(files, check):
        async with judge.site(over_the_starter(files)) as site:
            return await check(site)

    return lambda files, check: run(asked(files, check))


def over_the_starter(files):
    """The empty Django project with these files laid over it, as data."""
    from workbook_site import places
    from workbook_site.project import Project

    folder = places.starter()
    paths = (path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)
    starter = {path.relative_to(folder).as_posix(): path.read_text() for path in paths}
    return Project({**starter, **files})


@pytest.fixture
def run():
    """Run a coroutine to its end in a loop of its own: `run(site.get("/"))`."""
    return asyncio.run
