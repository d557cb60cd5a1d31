"""A checkout of one's own for each test."""

import pytest

from tests.cli.checkouts import Checkout, SlowShelf, wheel


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path / "Lehr gänge" / "async workbook")


@pytest.fixture(scope="session")
def first_call(tmp_path_factory):
    """A checkout whose first call has made the environment: seconds, so it is done once. `said`:
    what that call had to say, on stdout and on stderr."""
    made = Checkout(tmp_path_factory.mktemp("made") / "Lehr gänge" / "async workbook")
    code, *made.said = made.reset()
    assert code == 0, made.said
    return made


@pytest.fixture
def prepared(checkout, first_call):
    """A checkout whose environment is there."""
    checkout.adopt(first_call)
    return checkout


@pytest.fixture
def wanting(prepared):
    """A checkout whose environment lacks one package, which is on the shelf."""
    prepared.require("tiny", "other")
    wheel(prepared.shelf, "other")
    return prepared


@pytest.fixture
def slow_shelf(checkout):
    shelf = SlowShelf(checkout.shelf)
    yield shelf
    shelf.close()
