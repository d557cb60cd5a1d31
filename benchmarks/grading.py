"""`grade` against nbgrader 0.9.6: one assignment of three exercises, the same class for both.

    python benchmarks/grading.py [--nbgrader VENV] [--size N] [--long]

Prints, and exits with 1 when a bar is missed:

- submissions a second, right, wrong, partial and empty ones in equal parts. Ours are judged in the
  sandbox, each answer anew (`--judge-all`), from the command's start to its exit, feedback pages
  and tables included; nbgrader's have no sandbox, and only `autograde` counts. At least 10 times.
- two workers against one, for a class of `--size`: at least 1.7 times. The class is large, since
  workers can't share out the start of the command, which takes seconds.
- what an untouched submission adds, everything included: at most 20 ms.
- memory of the whole grader with two workers: at most 400 MB. It is what /proc calls PSS, added up
  over all processes, the sandbox's and the judged ones included: of what several share, each is
  counted its part, so that the sum is what the machine has less. Without root the rooms of answers
  don't show their PSS; there their own pages count as if nothing was shared.
- with `--long`: the same memory for the last of 2,000 submissions as for the first 200.
- a gradebook page of 500 students x 45 exercises, by `gradebook_page.py`: under 150 ms.

`--nbgrader` names a venv that has nbgrader; without it one is made, and goes afterwards.
"""

import argparse
import contextlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from nbgraded import Course, install

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.grading.small import RIGHT, STARTERS, WRONG, Gradebook, a_class, hand_in, points  # noqa: E402

TIMES, WORKERS, MEMORY, GROWTH, UNTOUCHED = 10.0, 1.7, 400.0, 1.1, 20.0
CLASS, FEW, LARGE, MANY = 20, 200, 500, 2_000
MB = 1024 * 1024
LOOK = 0.25


# --- One class, graded ---


def graded(folder: Path, workers: int, *more: str, size: int = CLASS, **kind: bool) -> float:
    """Seconds of one call of the command, in a gradebook of its own. The points must be right."""
    with laid(folder, size, **kind) as (gradebook, wanted):
        began = time.perf_counter()
        done = gradebook.run(*command(gradebook, workers, *more), timeout=3_600)
        seconds = time.perf_counter() - began
        check(gradebook, wanted, done.returncode, done.stderr)
    return seconds


@contextlib.contextmanager
def laid(
    folder: Path, size: int, *, empty: bool = False, alike: bool = False
) -> Iterator[tuple[Gradebook, dict]]:
    """A class that has handed in, and what it must come to. `alike`: many answers are the same."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        gradebook = Gradebook(Path(place))
        if empty:
            students = [f"s{number:04}" for number in range(size)]
            for student in students:
                hand_in(gradebook.handed, student, {})
            yield gradebook, dict.fromkeys(students, 0.0)
        else:
            yield gradebook, a_class(gradebook.handed, size, alike=alike)


def command(gradebook: Gradebook, workers: int, *more: str) -> list[str]:
    """`grade` for this class."""
    return ["grade", gradebook.handed, "--workers", workers, *more]


def check(gradebook: Gradebook, wanted: dict, code: int, said: str) -> None:
    """A fast grader that grades wrongly is none."""
    told = points(gradebook.ask(MARKS))
    if code or told != wanted:
        sys.exit(f"`grade` came to something else (exit code {code}): {said[-3000:]}\n{told}")


MARKS = (
    "from django.db.models import Sum\n"
    "found = Grade.objects.filter(current=True).values_list('answer__submission__student__key')"
    ".annotate(Sum('verdict__points'))\n"
    "say({'submissions': [{'student': key, 'points': sum} for key, sum in found]})"
)


# --- What is compared ---


def against_nbgrader(folder: Path, python: Path) -> bool:
    """Submissions a second, of both."""
    course = Course(folder / "nbgrader", python, STARTERS)
    kinds = [RIGHT, WRONG, {**RIGHT, "shout": WRONG["shout"]}, {}]
    for number in range(CLASS):
        course.hand_in(f"s{number:04}", kinds[number % 4])
    before = [graded(folder, 2, "--judge-all") for _ in range(2)]
    theirs = course.grade()
    ours = statistics.median([*before, graded(folder, 2, "--judge-all")])
    if sorted(course.points().values()) != sorted([12.0, 0.0, 6.0, 0.0] * (CLASS // 4)):
        sys.exit(f"nbgrader came to something else: {course.points()}")
    kept = graded(folder, 2, alike=True)
    print(f"nbgrader autograde       {theirs:6.1f} s   {CLASS / theirs:5.2f} submissions/s")
    print(f"grade, 2 workers         {ours:6.1f} s   {CLASS / ours:5.2f} submissions/s")
    print(f"  same answers only once {kept:6.1f} s   {CLASS / kept:5.2f} submissions/s")
    return bar("times nbgrader", theirs / ours, TIMES)


def two_workers(folder: Path, size: int) -> bool:
    """A class with one worker and with two, in turns."""
    pairs = [[graded(folder, n, "--judge-all", size=size) for n in (1, 2)] for _ in range(2)]
    one, two = (min(side) for side in zip(*pairs, strict=True))
    print(f"{size} submissions: {one:.1f} s by 1 worker, {two:.1f} s by 2")
    return bar("times 1 worker", one / two, WORKERS)


def untouched(folder: Path) -> bool:
    """Milliseconds that one more untouched submission costs."""
    few, many = (min(graded(folder, 1, "--judge-all", size=size, empty=True) for _ in range(2))
                 for size in (CLASS, CLASS + 200))  # fmt: skip
    return bar("ms for an untouched submission", 1_000 * (many - few) / 200, UNTOUCHED, most=True)


# --- Memory ---


def memory(folder: Path, size: int) -> bool:
    """The most that all processes held together; for a long run, at its end against its begin."""
    with laid(folder, size) as (gradebook, wanted):
        process = gradebook.start(*command(gradebook, 2, "--judge-all"))
        with Weights(process.pid) as weights:
            code = process.wait()
        check(gradebook, wanted, code, "")
    held = bar(f"MB at most, {size} submissions", max(weights.seen) / MB, MEMORY, most=True)
    if size < MANY:
        return held
    tenth = len(weights.seen) * FEW // size
    begin, end = weights.seen[5 : tenth + 5], weights.seen[-tenth - 5 : -5]
    first, last = (statistics.median(part) / MB for part in (begin, end))
    print(f"median {first:.0f} MB for the first {FEW} of {size:,}, {last:.0f} MB for the last")
    return bar("times as much at the end", last / first, GROWTH, most=True) and held


class Weights:
    """Bytes of a process and of all that it starts, looked at from a thread, again and again."""

    def __init__(self, pid: int) -> None:
        self._root, self.seen = psutil.Process(pid), [0]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Weights":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(LOOK):
            with contextlib.suppress(psutil.NoSuchProcess):
                all_of_them = [self._root, *self._root.children(recursive=True)]
                self.seen.append(sum(pss(each.pid) for each in all_of_them))


def pss(pid: int) -> int:
    """A process's share of memory, in bytes."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    with contextlib.suppress(OSError):
        _, resident, shared, *_ = map(int, Path(f"/proc/{pid}/statm").read_text().split())
        return (resident - shared) * 4096
    return 0


# --- In one run ---


def bar(what: str, found: float, wanted: float, *, most: bool = False) -> bool:
    """Say it, and whether it holds."""
    held = found <= wanted if most else found >= wanted
    word = "at most" if most else "at least"
    print(
        f"  -> {found:.2f} {what} (bar: {word} {wanted:g}){'' if held else '   MISSED'}", flush=True
    )
    return held


def page() -> bool:
    """The gradebook's page, by its own benchmark."""
    return (
        subprocess.run([sys.executable, ROOT / "benchmarks" / "gradebook_page.py"]).returncode == 0
    )


def main() -> int:
    """All of it; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nbgrader", type=Path, metavar="VENV", help="a venv that has nbgrader")
    parser.add_argument("--size", type=int, default=LARGE, help="of the class for two workers")
    parser.add_argument("--long", action="store_true", help=f"memory for {MANY:,} submissions, too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        venv = asked.nbgrader
        python = venv.resolve() / "bin" / "python" if venv else install(folder / "venv")
        held = [
            against_nbgrader(folder, python),
            two_workers(folder, asked.size),
            untouched(folder),
            memory(folder, FEW),
            *([memory(folder, MANY)] if asked.long else []),
            page(),
        ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
