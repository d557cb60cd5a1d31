"""One course for all that is asked of the real nbgrader: it takes seconds to start."""

import shutil

import pytest

from tests.nbgrader.courses import Course
from workbook_site import project
from workbook_site.nbgrader import course


@pytest.fixture(scope="session")
def taken_in(tmp_path_factory):
    """A course as `build --nbgrader` writes it, and nbgrader has taken it in."""
    folder = tmp_path_factory.mktemp("nbgrader")
    course.build(folder / "course")
    made = Course(folder / "course", folder)
    made.as_written = {
        name: made.released(name) for name in (each.stem for each in project.chapters())
    }
    made.generate(*(chapter.name for chapter in project.chapters()))
    return made


@pytest.fixture(scope="module")
def written_course(taken_in, tmp_path_factory):
    """That course, with no submissions yet, for the tests of one module."""
    folder = tmp_path_factory.mktemp("module")
    shutil.copytree(taken_in.folder, folder / "course")
    made = Course(folder / "course", folder)
    made.as_written = taken_in.as_written
    return made
