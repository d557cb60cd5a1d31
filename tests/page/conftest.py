"""One served gradebook for each module, full of attacks."""

import pytest

from tests.page.house import House, fill


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with House(tmp_path_factory.mktemp("page") / "gradebook") as house:
        yield house


@pytest.fixture(scope="module")
def place(house):
    """Where the attacks are: student, chapter, exercise."""
    return fill(house.folder)


@pytest.fixture(scope="module")
def ada(house):
    """An instructor, logged in."""
    with house.instructor() as client:
        yield client
