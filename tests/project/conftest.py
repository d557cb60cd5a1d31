"""A small course of two chapters, written as printed notebooks."""

import json

import pytest


def code(source, cell_id="cell", **metadata):
    return {"id": cell_id, "cell_type": "code", "source": source, "metadata": metadata}


def prose(source):
    return {"id": "text", "cell_type": "markdown", "source": source, "metadata": {}}


def exercise(name, starter, file="blog/views.py", given=None):
    told = {"exercise": name, "file": file, "given": given or {}}
    return code(f"%%exercise {name}\n{starter}", f"exercise-{name}", workbook=told)


class Course:
    """A folder that stands in for the checkout's content."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "notebooks").mkdir()

    def chapter(self, stem, *cells):
        path = self.folder / "notebooks" / f"{stem}.ipynb"
        path.write_text(json.dumps({"cells": cells, "nbformat": 4}), encoding="utf-8")

    def solution(self, chapter, name, text):
        path = self.folder / "solutions" / chapter / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_CONTENT", str(tmp_path))
    course = Course(tmp_path)
    course.chapter(
        "01_first",
        prose("# The first"),
        code("%%site blog/views.py\nviews = 1\n", "views"),
        exercise("feed", "feed = None\n", given={"blog/urls.py": "feed_route = 1\n"}),
        code("%%site blog/views.py --append more\nmore = 1\n", "more"),
    )
    course.chapter(
        "05_second",
        prose("# The second"),
        code("%%site blog/views.py --append more\nmore = 2\n", "more-again"),
        exercise("later", "later = None\n"),
    )
    course.solution(
        "first",
        "feed",
        "### BEGIN SOLUTION\n### STARTER: feed = None\nfeed = 'solved'\n### END SOLUTION\n",
    )
    course.solution("second", "later", "later = 'solved'\n")
    return course
