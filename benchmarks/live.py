"""How soon a learner sees the site, and a change to it, beside Django's own `runserver`.

    python benchmarks/live.py [ROUNDS]

Both serve the same project on the same machine, one after the other, in rounds. A kernel runs
already when a learner boots; a terminal runs already when they type `runserver`. Measured from
the gesture to the answer, by the one who asks:

boot, again   the cell with `boot` in a new kernel, to the first 200 | `manage.py runserver`, to its
first boot    the same with an empty workspace and no database | `migrate`, then `runserver`
new code      the cell with `%%site`, to the first answer by the new code | a file is saved, and
              runserver's autoreload takes it up

Memory is the most that all processes of a side held at once, as far as the system tells. Exits
with 1 when a bar is missed.
"""

import http.client
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from jupyter_client.manager import KernelManager

CHECKOUT = Path(__file__).resolve().parent.parent
CHAPTER = "three_problems"
BOOT = f"""
from workbook_site import boot
site = await boot("{CHAPTER}")
assert (await site.get("/word/")).status_code == 200
"""
VIEWS = """
from django.http import HttpResponse

async def word(request):
    return HttpResponse("WORD")
"""
URLS = """
from word import views
urlpatterns += [path("word/", views.word)]
"""
LOOK = 0.002  # seconds between two questions to a server that is not there yet
PATIENCE = 60.0
# Seconds between an answer and the next save to runserver, which looks at the files once a second
# and never sees a change that comes before its first look. Drawn anew for each save, so that a
# save comes at any moment between two looks.
SETTLE = (2.0, 3.0)

# The most that our side may take of what runserver takes.
BARS = {"boot, again": 1.0, "first boot": 1.0, "new code": 0.1}


@dataclass
class Side:
    """What was measured of one side: seconds by name, and the peak of its memory in bytes."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    memory: int = 0

    def add(self, name: str, seconds: float) -> None:
        """Keep one measurement."""
        self.seconds.setdefault(name, []).append(seconds)

    def median(self, name: str) -> float:
        """Seconds, over all rounds."""
        return statistics.median(self.seconds[name])

    def weigh(self, pid: int) -> None:
        """Look at what the processes below `pid` have needed at most, each on its own."""
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        self.memory = max(self.memory, sum(map(_peak, family)))


def main(rounds: int) -> int:
    """Measure, print the table, and tell by the exit code whether the bars hold."""
    ours, theirs = Side(), Side()
    for number in range(rounds):
        print(f"round {number + 1} of {rounds} ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            measure_ours(Path(folder) / "workspace", ours)
        with tempfile.TemporaryDirectory() as folder:
            measure_theirs(Path(folder) / "newsroom", theirs)
    return report(ours, theirs)


# --- Ours: a kernel, as a notebook has it ---


def measure_ours(workspace: Path, side: Side) -> None:
    """Boot in an empty workspace, then in a new kernel, then change the page."""
    lay_project(workspace / "newsroom")
    for name in ("first boot", "boot, again"):
        with kernel(workspace) as run:
            side.add(name, timed(run, BOOT))
            if name == "boot, again":
                measure_our_reload(run, side)
            side.weigh(run.pid)


def measure_our_reload(run: "Run", side: Side) -> None:
    """From running the cell to an answer by what it says."""
    # The first change also imports what only changes need.
    for number in range(5):
        cell = f"%%site word/views.py{VIEWS.replace('WORD', f'change {number}')}"
        ask = f"assert (await site.get('/word/')).text == 'change {number}'"
        side.add("new code", timed(run, cell, ask))


class Run:
    """Runs a cell in a kernel and waits for its end; a cell that fails ends the benchmark."""

    def __init__(self, manager: KernelManager) -> None:
        self.client = manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)
        self.pid = int(manager.provisioner.pid)

    def __call__(self, *cells: str) -> None:
        """Run some cells, one after the other."""
        for cell in cells:
            reply = self.client.execute_interactive(cell, timeout=PATIENCE, output_hook=_ignore)
            if reply["content"]["status"] != "ok":
                raise SystemExit("\n".join(reply["content"]["traceback"]))


def _ignore(message: dict[str, object]) -> None:
    """Outputs are not what is measured."""


@contextmanager
def kernel(workspace: Path) -> Iterator[Run]:
    """A kernel that runs already, as when a notebook is open."""
    manager = KernelManager()
    told = {"WORKBOOK_WORKSPACE": str(workspace), "PYTHONPATH": str(CHECKOUT)}
    manager.start_kernel(
        env={**os.environ, **told},
        cwd=str(workspace),
        extra_arguments=["--IPKernelApp.extra_extensions=workbook_site"],
        stderr=subprocess.DEVNULL,
    )
    run = Run(manager)
    try:
        yield run
    finally:
        run.client.stop_channels()
        manager.shutdown_kernel(now=True)


# --- Theirs: manage.py ---


def measure_theirs(project: Path, side: Side) -> None:
    """The same with what Django brings along."""
    lay_project(project)
    started = time.perf_counter()
    subprocess.run(manage(project, "migrate"), check=True, stdout=subprocess.DEVNULL)
    migrated = time.perf_counter() - started
    for name in ("first boot", "boot, again"):
        port = free_port()
        with runserver(project, port) as process:
            taken = timed(until, port, "at first")
            side.add(name, taken + (migrated if name == "first boot" else 0.0))
            if name == "boot, again":
                measure_their_reload(project, port, side)
            side.weigh(process.pid)


def measure_their_reload(project: Path, port: int, side: Side) -> None:
    """From saving the file to an answer by what it says."""
    for number in range(2):
        time.sleep(random.uniform(*SETTLE))
        word = f"change {number}"
        (project / "word/views.py").write_text(VIEWS.replace("WORD", word))
        side.add("new code", timed(until, port, word))


@contextmanager
def runserver(project: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """With its autoreload, as a learner starts it."""
    process = subprocess.Popen(
        manage(project, "runserver", str(port)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        family = [*psutil.Process(process.pid).children(recursive=True), process]
        for each in family:
            each.kill()
        process.wait()


def manage(project: Path, *words: str) -> list[str]:
    """The command line of the project's own manage.py."""
    return [sys.executable, str(project / "manage.py"), *words]


def until(port: int, word: str) -> None:
    """Ask until the page says `word`."""
    deadline = time.monotonic() + PATIENCE
    while ask(port) != (200, word):
        if time.monotonic() > deadline:
            raise SystemExit(f"runserver did not answer with {word!r} in {PATIENCE:g} seconds")
        time.sleep(LOOK)


def ask(port: int) -> tuple[int, str]:
    """Status and text of the page; (0, "") when nobody answers, or goes away in mid-answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/word/")
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


# --- Both ---


def lay_project(project: Path) -> None:
    """The starter with one page, `/word/`; no database yet."""
    shutil.copytree(CHECKOUT / "workbook_site/starter", project)
    (project / "word").mkdir()
    (project / "word/__init__.py").touch()
    (project / "word/views.py").write_text(VIEWS.replace("WORD", "at first"))
    urls = project / "mysite/urls.py"
    urls.write_text(urls.read_text() + URLS)


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def timed(work: Callable[..., object], *arguments: object) -> float:
    """Seconds that some work takes."""
    started = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - started


def _peak(process: psutil.Process) -> int:
    """The most memory that a process has held, where the system keeps count; else what it holds."""
    try:
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it has ended
        return 0


def report(ours: Side, theirs: Side) -> int:
    """The table; 1 when a bar is missed."""
    print(f"{'median seconds':<16}{'workbook':>10}{'runserver':>11}{'ratio':>8}{'bar':>7}")
    missed = 0
    for name, bar in BARS.items():
        mine, other = ours.median(name), theirs.median(name)
        ratio = mine / other
        verdict = "" if ratio <= bar else "  MISSED"
        missed += bool(verdict)
        print(f"{name:<16}{mine:>10.3f}{other:>11.3f}{ratio:>8.2f}{bar:>7.2f}{verdict}")
    megabytes = (ours.memory / 1e6, theirs.memory / 1e6)
    print(f"{'peak memory, MB':<16}{megabytes[0]:>10.0f}{megabytes[1]:>11.0f}")
    print("The workbook's side holds the kernel, the outside services and the judge as well.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
