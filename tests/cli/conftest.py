"""A checkout of one's own for each test."""

import pytest

from tests.cli.checkouts import Checkout, SlowShelf


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path / "Lehr gänge" / "async workbook")


@pytest.fixture
def slow_shelf(checkout):
    shelf = SlowShelf(checkout.shelf)
    yield shelf
    shelf.close()
