"""Mishaps of the machine: full disks, folders that may not be written to, another release."""

import contextlib
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live.conftest import DOUBLE, PAGES, ROUTES, notebook
from tests.live.kernels import BOOT, Kernel
from tests.live.test_live_exercise import RIGHT, WRONG, report
from tests.mishaps.learner import LIKE_ANYBODY, LINUX, ROOT, Learner, settled

MAY_NOT = "may not be used by you (Permission denied)", "sudo chown -R", "--workspace ~/my_workbook"
FULL = "The disk is full", "(No space left on device)", "Make room, then run"


# --- What may not be written to ---


@pytest.fixture(scope="module")
def held(tmp_path_factory, content):
    """A learner whom the system's permissions hold, also where these tests run as root."""
    folder = tmp_path_factory.mktemp("held")
    home = folder / "home"
    home.mkdir(mode=0o500)
    with settled(folder / "workbook", content, through=LIKE_ANYBODY, HOME=str(home)) as kernel:
        yield Learner(kernel)


@pytest.fixture
def learner(held):
    yield held
    held.goes_on()


@contextmanager
def read_only(*folders):
    """Nothing in these folders may be changed, for the length of a block."""
    paths = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    modes = {path: path.stat().st_mode for path in paths}
    for path, mode in reversed(modes.items()):
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def test_the_workspace_becomes_read_only(learner):
    with read_only(learner.workspace):
        for cell in (PAGES.replace("first", "more"), WRONG, BOOT, "await site.migrate()"):
            learner.is_told_only(cell, *MAY_NOT)
        assert learner.value('(await site.get("/hello/")).json()') == {"hello": "first"}


def test_only_the_workbooks_folder_is_read_only(learner):
    """As after a `sudo`: the next cells can neither take their lock nor note a verdict."""
    with read_only(learner.workspace / ".workbook"):
        learner.is_told_only(RIGHT, ".workbook/files.lock", *MAY_NOT)
        for path in (learner.workspace / ".workbook").iterdir():
            path.chmod(0)  # not even to be read, as somebody else's
        for cell in (PAGES, RIGHT, BOOT):
            learner.is_told_only(cell, ".workbook/files.lock", *MAY_NOT)


def test_progress_alone_cannot_be_noted(learner):
    with read_only(learner.workspace / ".workbook"):
        for lock in (learner.workspace / ".workbook").glob("*.lock"):
            lock.chmod(0o600)
        shown = learner.is_told(WRONG, "could not be noted among your progress", *MAY_NOT)
        assert report(shown)["outcome"] == "not yet"


def test_a_file_that_is_not_ones_own(learner):
    with read_only(learner.newsroom / "pages/views.py"):
        (learner.newsroom / "pages/views.py").chmod(0)
        learner.is_told_only(PAGES, "pages/views.py", *MAY_NOT)


def test_a_database_that_is_not_ones_own(learner):
    with read_only(learner.newsroom / "db.sqlite3"):
        (learner.newsroom / "db.sqlite3").chmod(0)
        learner.runs("from django.db import connections\nconnections.close_all()")
        learner.is_told(BOOT, "unable to open database file", "run this cell again")
    assert learner.runs(BOOT).printed == ""


def test_no_home_to_write_to(learner):
    shown = learner.runs("import matplotlib.pyplot")
    assert (shown.printed, shown.ename) == ("", "")


def test_a_workspace_that_is_read_only_from_the_start(tmp_path, content):
    workspace = tmp_path / "workbook"
    workspace.mkdir(mode=0o500)
    home = {"IPYTHONDIR": str(tmp_path / "ipython"), "HOME": str(tmp_path)}
    with Kernel(workspace, content, through=LIKE_ANYBODY, **home) as kernel:
        learner = Learner(kernel)
        learner.is_told_only(BOOT, str(workspace), *MAY_NOT)
        learner.is_told_only(RIGHT, "The site is not running in this notebook yet")
        workspace.chmod(0o700)
        learner.settles_in()
        learner.goes_on()


# --- Full disks ---


def test_no_file_may_grow(learner):
    """A quota, as systems set it for a user or for a process."""
    learner.runs(
        "import resource\nlimits = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))"
    )
    before = (learner.newsroom / "pages/views.py").read_text()
    shown = [learner.runs(cell) for cell in (PAGES.replace("first", "x" * 5000), WRONG)]
    learner.runs("resource.setrlimit(resource.RLIMIT_FSIZE, limits)")
    for each in shown:
        assert each.traceback.startswith("The disk is full"), each
        assert "Make room, then run" in each.traceback
    assert (learner.newsroom / "pages/views.py").read_text() == before


# In a namespace of its own: the small disks go with the kernel, and only the kernel sees them.
# `unshare` comes with every Linux; who is not root becomes so in a namespace of users.
APART = ["unshare", "--mount", *([] if ROOT else ["--map-root-user"]), "sh", "-c"]
SMALL_DISKS = """
for disk in {disks}; do mount -t tmpfs -o size=3m tmpfs "$disk" || exit 1; done
cd '{workspace}' && exec "$@"
"""
CAN_MOUNT = LINUX and not subprocess.run([*APART, "mount -t tmpfs tmpfs /tmp"]).returncode


@contextmanager
def on_small_disks(folder, content):
    """A kernel whose workspace and temporary files lie on disks of 3 MB; and these from here."""
    # Far down, the folder for temporary files would not be the one that the judge takes.
    with tempfile.TemporaryDirectory(prefix="disk-") as temporary:
        disks = [folder / "workbook", Path(temporary)]
        disks[0].mkdir()
        quoted = " ".join(f"'{disk}'" for disk in disks)
        script = SMALL_DISKS.format(disks=quoted, workspace=disks[0])
        through = [*APART, script, "sh"]
        with Kernel(disks[0], content, through=through, TMPDIR=str(disks[1])) as kernel:
            yield kernel, *(Path(f"/proc/{kernel.pid}/root{disk}") for disk in disks)


@contextmanager
def full(disk):
    """There is no room left on it, for the length of a block."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            pass
    try:
        yield
    finally:
        ballast.unlink()


@pytest.mark.skipif(not CAN_MOUNT, reason="no small disk can be mounted: a quota is tested above")
def test_full_disks(tmp_path, content):
    with on_small_disks(tmp_path, content) as (kernel, workspace, temporary):
        learner = Learner(kernel)
        learner.workspace, learner.newsroom = workspace, workspace / "newsroom"

        with full(workspace):
            learner.is_told_only(BOOT, *FULL)
        with full(temporary):
            learner.is_told_only(BOOT, "there is no room left for its log", "Make room")
        learner.settles_in()
        learner.goes_on()

        before = (workspace / "newsroom/pages/views.py").read_text()
        with full(workspace):
            learner.is_told_only(PAGES.replace("first", "x" * 5000), "pages/views.py", *FULL)
            learner.is_told_only(WRONG, *FULL)
            assert not learner.runs(BOOT).ename
        assert (workspace / "newsroom/pages/views.py").read_text() == before
        assert not list(workspace.rglob(".views.py.*"))  # nothing half-written lies about
        learner.goes_on()

        with full(temporary):
            shown = learner.runs(RIGHT)
            assert report(shown)["outcome"] == "our fault"
            assert "The disk has no room left for judging. Make room" in " ".join(
                shown.plain.split()
            )
            learner.is_told_only("site.start('uvicorn')", "no room left for its log", "Make room")
        learner.goes_on()


# --- Another release ---

BETTER = PAGES.replace('"hello": "first"', '"hello": "first", "more": 1')
SECOND = "%%site pages/more.py\nfrom pages.views import hello\n"


@pytest.fixture
def release(content, tmp_path):
    """The course, and how its next release is printed: another page, a new chapter, no `double`."""
    folder = tmp_path / "release"
    shutil.copytree(content, folder)

    def next_one():
        about = {"exercise": "double", "file": "pages/sums.py"}
        about["given"] = {"pages/__init__.py": "# the pages, in this release\n"}
        exercise = "%%exercise double\ndef double(n):\n    raise NotImplementedError\n"
        cells = [(BOOT, {}), (BETTER, {}), (ROUTES, {}), (exercise, {"workbook": about})]
        (folder / "notebooks/00_first.ipynb").write_text(notebook(*cells))
        (folder / "notebooks/01_second.ipynb").write_text(notebook((BOOT, {}), (SECOND, {})))
        (folder / "notebooks/02_third.ipynb").write_text(notebook((BOOT, {})))
        (folder / "exercises/first/double.py").write_text(DOUBLE.replace("Twice", "Two times"))

    return folder, next_one


def test_an_old_workspace_with_a_new_release(release, tmp_path):
    folder, next_one = release
    third = BOOT.replace("first", "third")
    mine = "def quarter(n):\n    return n / 4\n"
    with Kernel(tmp_path / "workbook", folder) as kernel:
        learner = Learner(kernel)
        assert not learner.runs(BOOT.replace("first", "second")).ename
        learner.settles_in()
        learner.goes_on()
        learner.runs(f"%%site pages/sums.py --append mine\n{mine}")
        next_one()
        kernel.manager.restart_kernel(now=True)
        kernel.client.wait_for_ready(timeout=60)
        shown = learner.is_told(third, "Put in place in", "pages/more.py")
        assert "Brought up to date, your own lines untouched: " in shown.printed
        assert "pages/views.py" in shown.printed
        told = learner.value('(await site.get("/hello/")).json()')
        assert told == {"hello": "first", "more": 1}  # not the learner's: it was ours
        sums = (learner.newsroom / "pages/sums.py").read_text()
        assert "return n * 2" in sums  # the answer stays the learner's
        assert mine in sums
        assert "Two times as much" in learner.runs(RIGHT).plain
        learner.goes_on()
