"""A course of two chapters whose prints can be changed, and a learner's workspace."""

import json
from datetime import datetime
from pathlib import Path

import nbformat
import pytest

NOW = datetime(2026, 11, 23, 9, 30, 0)


def code(name, text, **metadata):
    return nbformat.v4.new_code_cell(text, id=name, metadata=metadata)


def exercise(name, text="# Your code here"):
    metadata = {"workbook": {"exercise": name}}
    return code(name, f"%%exercise {name}\n{text}", **metadata)


class Course:
    """The printed notebooks, and what is in the learner's workspace."""

    def __init__(self, folder):
        self.folder = folder / "notebooks"
        self.folder.mkdir(parents=True)
        self.workspace = folder / "my workbook"

    def print(self, name, *cells):
        nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), self.folder / name)

    def printed(self, name):
        return (self.folder / name).read_bytes()

    def edit(self, name, change):
        """Let the learner change a notebook of theirs, as Jupyter would save it."""
        path = self.workspace / name
        notebook = nbformat.read(path, as_version=4)
        change(notebook)
        nbformat.write(notebook, path)
        return path.read_bytes()

    def have(self, name):
        return (self.workspace / name).read_bytes()

    def sources(self, name):
        return [cell.source for cell in nbformat.read(self.workspace / name, as_version=4).cells]

    def progress(self, entries=None):
        path = self.workspace / ".workbook" / "progress.json"
        if entries is not None:
            path.write_text(json.dumps(entries))
        return json.loads(path.read_text())


@pytest.fixture
def course(tmp_path, monkeypatch):
    made = Course(tmp_path / "cours é")
    made.print("00_start.ipynb", code("one", "1"), exercise("hello"), code("two", "2"))
    made.print("01_views.ipynb", code("one", "1"), exercise("gather"), exercise("limits"))
    monkeypatch.setenv("WORKBOOK_CONTENT", str(Path(made.folder).parent))
    return made
