"""Mishaps while writing and running cells."""

import pytest

from tests.live.conftest import PAGES, ROUTES
from tests.live.kernels import BOOT, PATIENCE, Kernel, Shown
from tests.live.test_live_exercise import RIGHT, report
from tests.mishaps.learner import ENDLESS, Learner, being_judged, settled

LOUD = PAGES.replace("    return", "    print('y' * 500_000)\n    return")

# What the learner runs, and what stands in the one sentence that answers.
SAID = {
    "boot without await": ('site = boot("first")\nsite', 'Write: site = await boot("first")'),
    "asking a site that was not awaited": (
        'boot("first").get("/hello/")',
        'Write: site = await boot("first")',
    ),
    "boot by the wrong number": ("await boot(7)", "There is no chapter '7'. The chapters are"),
    "an exercise cell without a name": ("%%exercise\nx = 1", "Write %%exercise NAME"),
    "an exercise whose name is misspelt": (
        RIGHT.replace("double", "duoble", 1),
        "There is no exercise 'duoble'. Did you mean double?",
    ),
    "an exercise below a comment": (
        f"# my answer\n{RIGHT}",
        "%%exercise works in the first line of its cell only.",
    ),
    "a file below an import": (f"import json\n{PAGES}", "%%site works in the first line"),
    "a file without a path": ("%%site\nx = 1", "%%site needs the path of a file"),
    "a taken port that is none": (
        "site.start('uvicorn', port=80000)",
        "A port is a whole number below 65536, not 80000.",
    ),
}


@pytest.mark.parametrize(("code", "words"), SAID.values(), ids=SAID)
def test_one_sentence(learner, code, words):
    learner.is_told_only(code, words)
    learner.runs(BOOT)


# What the learner runs, and what they see of it: their own error, or nothing special.
SEEN = {
    "a cell run twice": (PAGES, "pages/views.py saved"),
    "a comma is missing": (PAGES.replace("(request)", "(request"), "'(' was never closed"),
    "a name is missing": (f"{PAGES}nothing\n", "name 'nothing' is not defined"),
    "a file that ends the process": (f"{PAGES}raise SystemExit(3)\n", "SystemExit"),
    "the routes before the views": (
        ROUTES.replace("pages import", "later import").replace("append pages", "append later"),
        "No module named 'later'",
    ),
    "exit in a cell": ("exit(1)", ""),
    "an exception that has no text": (
        "class Shy(Exception):\n    def __str__(self): 1/0\nraise Shy",
        "Shy",
    ),
    "asyncio.run in a cell": (
        "import asyncio\nasyncio.run(asyncio.sleep(0))",
        "cannot be called from a running event loop",
    ),
    "a value that cannot be shown": (
        "class Odd:\n    def __repr__(self): return 1 / 0\nOdd()",
        "division by zero",
    ),
    "input where nobody can be asked": ("input('name? ')", "does not support input requests"),
    "a huge print": ("print('x' * 3_000_000)", "x" * 3_000_000),
    "a huge print in a view": (LOUD, "saved"),
}


@pytest.mark.parametrize(("code", "words"), SEEN.values(), ids=SEEN)
def test_their_own_error_and_no_other(learner, code, words):
    learner.is_told(code, words)
    learner.runs('await site.get("/hello/")')
    learner.runs("%%site mysite/urls.py --append later\n")  # gives the wrong routes back


@pytest.mark.parametrize("nothing", ["%%exercise double", "%%exercise double\n\n   \n# well\n"])
def test_an_exercise_cell_with_nothing_in_it(learner, nothing):
    shown = learner.is_told(nothing, "Write your answer where it says `Your code here`")
    assert report(shown)["outcome"] == "not tried"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("input('n? ')", "Nobody is there to answer input()"),
        ("print('x' * 10_000_000)", "printed more than"),
        ("raise SystemExit(1)", "SystemExit"),
    ],
)
def test_an_answer_that_asks_prints_or_leaves(learner, line, words):
    answer = RIGHT.replace("    return", f"    {line}\n    return")
    assert report(learner.is_told(answer, words))["outcome"] == "not yet"


@pytest.mark.parametrize("view", ["async def", "def"])
def test_input_in_a_view_asks_below_the_cell(learner, view):
    asking = PAGES.replace("async def", view).replace('"first"', "input('name? ')")
    learner.runs(asking)
    shown, client = Shown(), learner.kernel.client
    client.execute_interactive(
        'print((await site.get("/hello/")).json())',
        output_hook=shown.take,
        stdin_hook=lambda message: client.input(f"Ada, by {message['content']['prompt']}"),
        timeout=PATIENCE,
        allow_stdin=True,
    )
    assert "{'hello': 'Ada, by name? '}" in shown.printed


def test_a_cell_interrupted_while_it_is_judged(learner):
    sent = learner.kernel.send(ENDLESS)
    being_judged(learner.kernel)
    learner.kernel.manager.interrupt_kernel()
    shown = learner.kernel.result(sent)
    assert shown.traceback.startswith("You interrupted the judging. It counts for nothing")


@pytest.mark.parametrize("other", ['"second"', '"01"', "1", '"first"'])
def test_boot_twice_with_other_chapters(learner, other):
    url = learner.value("site.url")
    assert not learner.runs(f"site = await boot({other})").ename
    assert learner.value("site.url") == url


@pytest.mark.parametrize("lost", ["site = 3", "%reset -f", "%cd /"])
def test_names_and_places_that_got_lost(learner, lost):
    learner.runs(lost)
    learner.runs(PAGES)  # files and exercises need no name
    assert not learner.runs(BOOT).ename


def test_too_many_open_files(learner):
    """Only while the cell runs: the kernel itself opens files between two cells, now and then."""
    line, _, text = PAGES.partition("\n")
    shown = learner.kernel.run(
        "import resource\nlimits = resource.getrlimit(resource.RLIMIT_NOFILE)\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (1, limits[1]))\n"
        f"try:\n    get_ipython().run_cell_magic('site', {line.split()[1]!r}, {text!r})\n"
        "finally:\n    resource.setrlimit(resource.RLIMIT_NOFILE, limits)"
    )
    assert shown.traceback.startswith("This notebook's kernel has too many files open")
    assert "Restart the kernel" in shown.traceback


@pytest.mark.parametrize("name", ["email", "json"])
def test_a_file_with_the_name_of_a_library(learner, name):
    saved = learner.is_told(f"%%site {name}.py\nX = 1", f"{name} is also what a library is called")
    assert "Give yours another name" in saved.printed
    learner.is_told("await site.migrate()", "Nothing to migrate")
    shown = learner.is_told("site.start('uvicorn')", "Give yours another name")
    assert shown.traceback.startswith(f"{name}.py of your project")
    learner.newsroom.joinpath(f"{name}.py").unlink()
    learner.is_told("u = site.start('uvicorn')\nprint(u.facts())\nu.stop()", "running")


def test_cells_out_of_order_and_a_restart_in_the_middle(tmp_path, content):
    with Kernel(tmp_path, content) as kernel:
        learner = Learner(kernel)
        for early in (ROUTES, RIGHT):
            learner.is_told_only(early, "Run the notebook's first code cell")
        learner.settles_in()
        kernel.manager.restart_kernel(now=True)
        kernel.client.wait_for_ready(timeout=60)
        learner.is_told_only(RIGHT, "Run the notebook's first code cell")
        assert not learner.runs(BOOT).ename
        learner.goes_on()


def test_a_library_of_ones_own_beside_the_notebook(tmp_path, content):
    workspace = tmp_path / "wörk — 本 (1) %20'"  # and a path as people have them
    workspace.mkdir()
    (tmp_path / "link").symlink_to(workspace)
    mine = "print('my own module')\n"
    for name in ("httpx", "random", "asyncio", "uvicorn"):
        (workspace / f"{name}.py").write_text(mine)
    with settled(tmp_path / "link", content) as kernel:
        learner = Learner(kernel)
        learner.goes_on()
        assert learner.value("site.upstream.most_in_flight") == 0
        assert (workspace / "httpx.py").read_text() == mine
        learner.is_told(
            "u = site.start('uvicorn')\nprint((await u.get('/hello/')).json())", "first"
        )
        learner.is_told("await site.load('/hello/', 2, 2)", "/hello/")
        (learner.newsroom / "pages/views.py").write_text("1/0\n")
        learner.is_told("1", "pages/views.py", "ZeroDivisionError")
        learner.goes_on()
