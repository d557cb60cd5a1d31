"""A class gets its work by a link: the real nbgitpuller, in a server of its own environment, is
sent the link that docker/README.md shows."""

import json
import re
import subprocess
import urllib.parse
from pathlib import Path

import pytest

from tests.environments import venvs
from tests.environments.ground import Image, Server, checkout

ROOT = Path(__file__).parents[2]
CHAPTER = "00_three_problems.ipynb"
OTHERS = (
    *("jupyterlab", "notebook", "notebook_shim", "jupyter_lsp", "jupyter_server_terminals"),
    *(f"nbgrader.server_extensions.{name}"
      for name in ("assignment_list", "course_list", "formgrader", "validate_assignment")),
)  # fmt: skip
MINE = "# And this is mine."


def git(*words, cwd):
    names = ("-c", "user.name=Teacher", "-c", "user.email=teacher@example.org")
    words = ["git", *names, "-c", "init.defaultBranch=main", *map(str, words)]
    return subprocess.run(words, cwd=cwd, check=True, capture_output=True, text=True).stdout


class Class:
    """A teacher's repository, and a learner's home with a server that has nbgitpuller."""

    def __init__(self, folder):
        self.desk = checkout(folder / "desk")
        self.repository = folder / "workbook"  # its name is the folder's that learners get
        self.home = folder / "home"
        self.home.mkdir()
        self.pulled = self.home / "workbook"
        self.config = folder / "server.json"
        off = dict.fromkeys(OTHERS, False)
        self.config.write_text(
            json.dumps({"ServerApp": {"jpserver_extensions": {**off, "nbgitpuller": True}}})
        )
        git("init", "--bare", self.repository, cwd=folder)
        git("init", cwd=self.desk)
        git("remote", "add", "origin", self.repository, cwd=self.desk)
        self.hand_out("First week")
        # What runs is the image's workbook; the repository brings the notebooks.
        self.image = Image(folder / "image")
        self.image.call(self.image.python, "-m", "workbook_site.environment.dress", cwd=self.desk)

    def hand_out(self, message):
        git("add", "-A", cwd=self.desk)
        git("commit", "-m", message, cwd=self.desk)
        git("push", "origin", "main", cwd=self.desk)

    def link(self):
        """What the link of our instructions asks for, with this repository in the place of it."""
        text = (ROOT / "docker" / "README.md").read_text()
        found = re.search(r"^ +https://HUB/hub/user-redirect/(git-pull\?\S+)", text, re.MULTILINE)
        asked = dict(urllib.parse.parse_qsl(found[1].partition("?")[2], strict_parsing=True))
        assert set(asked) == {"repo", "branch", "urlpath"}
        # It opens the first chapter in the folder that the pull makes.
        name = asked["repo"].rpartition("/")[2]
        assert asked["urlpath"] == f"lab/tree/{name}/notebooks/{CHAPTER}"
        assert (ROOT / "notebooks" / CHAPTER).is_file()
        return {**asked, "repo": self.repository.as_uri()}

    def pull(self):
        """Follow the link once: how it ended, and all that it reported."""
        programs = venvs.made()
        # Of all that this environment offers, the one extension: the others take seconds to load.
        words = programs / "python", "-m", "jupyter_server", f"--config={self.config}"
        query = urllib.parse.urlencode(self.link())
        with Server(words, venvs.surroundings(programs, self.home), self.home) as server:
            events = server.ask(f"/git-pull/api?{query}").split("\n\n")
        return json.loads(events[-2].removeprefix("data: "))["phase"], "".join(events)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    made = Class(tmp_path_factory.mktemp("class"))
    phase, told = made.pull()
    assert phase == "finished", told
    return made


@pytest.mark.parametrize("workspace", [".", "notebooks"])
def test_the_pulled_folder_boots_and_judges(course, workspace):
    """Where the workspace is the pulled checkout itself, and where it is its notebooks folder."""
    folder = course.pulled / workspace
    told = {"WORKBOOK_WORKSPACE": folder.resolve(), "WORKBOOK_CONTENT": course.pulled}
    run = course.image.execute(course.pulled / "notebooks" / CHAPTER, **told)
    assert run == (["passed"], [])
    assert (folder / "newsroom" / "blog" / "views.py").is_file()
    assert (folder / ".workbook" / "progress.json").is_file()


def test_a_later_pull_overwrites_nothing_of_a_learners(course):
    """Work in a notebook, in the project, and beside both; and a file of a name that then comes."""
    mine = course.pulled / "notebooks" / CHAPTER
    told = json.loads(mine.read_text())
    told["cells"][0]["source"].append(f"\n{MINE}")
    mine.write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    project = course.pulled / "newsroom" / "blog" / "views.py"
    project.parent.mkdir(parents=True, exist_ok=True)
    project.write_text("# my own\n")
    (course.pulled / "notebooks" / "notes.md").write_text("my notes")
    (course.pulled / "notebooks" / "04_async_orm.ipynb").unlink()

    theirs = course.desk / "notebooks" / CHAPTER
    new = json.loads(theirs.read_text())
    new["cells"][-1]["source"].append("\n\nMore to read.")
    theirs.write_text(json.dumps(new, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    (course.desk / "notebooks" / "notes.md").write_text("the teacher's notes")
    (course.desk / "notebooks" / "01_async_views.ipynb").unlink()
    course.hand_out("Second week")

    phase, said = course.pull()
    assert phase == "finished", said
    cells = ["".join(cell["source"]) for cell in json.loads(mine.read_text())["cells"]]
    assert cells[0].endswith(MINE)
    assert (course.pulled / "notebooks" / "04_async_orm.ipynb").is_file()
    assert not (course.pulled / "notebooks" / "01_async_views.ipynb").exists()
    assert cells[-1].endswith("More to read.")
    assert project.read_text() == "# my own\n"
    notes = {path.read_text() for path in (course.pulled / "notebooks").glob("notes*.md")}
    assert notes == {"my notes", "the teacher's notes"}


def test_where_both_changed_a_line_the_learners_stays(course):
    told = {}
    for folder in (course.desk, course.pulled):
        path = folder / "notebooks" / "09_tasks.ipynb"
        told = json.loads(path.read_text())
        told["cells"][0]["source"] = [f"# From {folder.name}"]
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    course.hand_out("Third week")
    phase, said = course.pull()
    assert phase == "finished", said
    mine = json.loads((course.pulled / "notebooks" / "09_tasks.ipynb").read_text())
    assert mine["cells"][0]["source"] == ["# From workbook"]
