"""What every test may use."""

import asyncio

import pytest


@pytest.fixture(scope="session")
def grade(tmp_path_factory):
    """Judge an answer for real: `grade(exercise, answer)` gives the Report. One judge a worker."""
    from workbook_site.judge import Judge

    with asyncio.Runner() as runner:
        judge = runner.run(Judge(cache=tmp_path_factory.mktemp("judge")).__aenter__())
        try:
            yield lambda exercise, answer: runner.run(judge.grade(exercise, answer))
        finally:
            runner.run(judge.__aexit__(None, None, None))


@pytest.fixture
def run():
    """Run a coroutine to its end in a loop of its own: `run(site.get("/"))`."""
    return asyncio.run
