"""What every test may use."""

import asyncio

import pytest


@pytest.fixture
def run():
    """Run a coroutine to its end in a loop of its own: `run(site.get("/"))`."""
    return asyncio.run
