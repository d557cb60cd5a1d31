"""One learner a module: what a mishap leaves behind has to be good enough for the next."""

import pytest

from tests.live.conftest import content  # noqa: F401 - the small course
from tests.mishaps.learner import Learner, settled


@pytest.fixture(scope="module")
def shared(tmp_path_factory, content):  # noqa: F811
    with settled(tmp_path_factory.mktemp("mishaps") / "my workbook", content) as kernel:
        yield Learner(kernel)


@pytest.fixture
def learner(shared):
    """The module's learner. After each mishap everything works, and nothing is lost."""
    yield shared
    shared.goes_on()
