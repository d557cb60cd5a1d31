"""How long a learner waits for a verdict: every exercise of a chapter, judged again and again.

    python benchmarks/judge.py [CHAPTER ...] [--rounds N]

Measured from asking for the verdict to having it, with the host warm and the chapter's databases
made, as they are after `boot`: the reference solution, and the starter with one thing changed,
which fails and is told why. Memory is the most that the judge, its host and one judged process
held, each on its own. Exits with 1 when a bar is missed.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from workbook_site.checking import Exercise, Outcome
from workbook_site.checking.exercise import names
from workbook_site.judge import Judge
from workbook_site.judge.question import starter
from workbook_site.project import chapters, find

# The most seconds that the median of an exercise may take.
BAR = 0.5
CHAPTER = "async_views"
LOOK = 0.005
MB = 1024 * 1024

HEAD = f"{'exercise':<42}{'checks':>7}{'right':>9}{'slowest':>9}{'wrong':>9}   seconds"
LINE = "{name:<42}{checks:>7}{right:>9.3f}{slowest:>9.3f}{wrong:>9.3f}   {word}"


@dataclass
class Weights:
    """Looks at the memory of the host and of what it starts, from a thread; bytes at their most."""

    host: int
    most: dict[str, int] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Weights":
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.over.set()
        self._thread.join()

    def _look(self) -> None:
        host = psutil.Process(self.host)
        while not self.over.wait(LOOK):
            self._note("the judge itself", psutil.Process(os.getpid()))
            self._note("its warm host", host)
            for child in host.children():
                self._note("one judged process", child)

    def _note(self, name: str, process: psutil.Process) -> None:
        try:
            weight = process.memory_info().rss
        except psutil.NoSuchProcess:
            return
        self.most[name] = max(weight, self.most.get(name, 0))


@dataclass
class Measured:
    """Seconds of one exercise's verdicts."""

    exercise: Exercise
    right: list[float] = field(default_factory=list)
    wrong: list[float] = field(default_factory=list)

    @property
    def missed(self) -> bool:
        """Is the median of the right or of the wrong answer over the bar?"""
        return max(statistics.median(self.right), statistics.median(self.wrong)) > BAR

    def __str__(self) -> str:
        return LINE.format(
            name=f"{self.exercise.chapter}/{self.exercise.name}",
            checks=len(self.exercise.checks),
            right=statistics.median(self.right),
            slowest=max(self.right),
            wrong=statistics.median(self.wrong),
            word="MISSED" if self.missed else "",
        )


async def seconds(judge: Judge, exercise: Exercise, answer: str, outcome: Outcome) -> float:
    """Of one verdict, which must be this one."""
    began = time.perf_counter()
    report = await judge.grade(exercise, answer)
    taken = time.perf_counter() - began
    if report.outcome is not outcome:
        sys.exit(f"{exercise.name} was judged {report.outcome!r} where {outcome!r} was due")
    return taken


async def measure(judge: Judge, chosen: list[str], rounds: int) -> list[Measured]:
    """All exercises of these chapters, in another order each round."""
    exercises = [Exercise.load(chapter, name) for chapter in chosen for name in names(chapter)]
    measured = [Measured(exercise) for exercise in exercises]
    for chapter in chosen:
        await judge.warm(chapter)
    for number in range(rounds + 1):
        for each in random.sample(measured, len(measured)):
            exercise = each.exercise
            assert exercise.solution is not None
            wrong = starter(find(exercise.chapter), exercise.name) + "\n_touched = True\n"
            taken = await seconds(judge, exercise, exercise.solution, Outcome.PASSED)
            also = await seconds(judge, exercise, wrong, Outcome.NOT_YET)
            if number:  # the first round warms what the first verdict warms
                each.right.append(taken)
                each.wrong.append(also)
    return measured


async def main(chosen: list[str], rounds: int) -> int:
    """Print the table; the number of bars that were missed."""
    began = time.perf_counter()
    async with Judge() as judge:
        cold = time.perf_counter() - began
        with Weights(judge.host_pid) as weights:
            measured = await measure(judge, chosen, rounds)
    print(f"{rounds} rounds on {os.cpu_count()} cores, median seconds (bar {BAR:g})\n\n{HEAD}")
    for each in measured:
        print(each)
    print(f"\nuntil the host is warm, once: {cold:.3f} s")
    for name, weight in weights.most.items():
        print(f"peak memory of {name}: {weight / MB:.0f} MB")
    return sum(each.missed for each in measured)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("chapters", nargs="*", default=[CHAPTER], help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    known = [find(name).name for name in asked.chapters] or [each.name for each in chapters()]
    sys.exit(1 if asyncio.run(main(known, asked.rounds)) else 0)
