"""SIGKILL at fifty random moments: of the whole command, of the page, of a worker, of its judge.

Nothing is lost, nothing is graded twice in the record, and the same command goes on.
"""

import contextlib
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from tests.grading.small import RIGHT, WRONG, Gradebook, hand_in, points

KILLS = 50
# More hand in while it goes on, so that there is work at every moment.
EACH_ROUND = 3

RECORD = """
say({
    "submissions": Submission.objects.count(),
    "answers": Answer.objects.count(),
    "grades": Grade.objects.count(),
    "current": Grade.objects.filter(current=True).count(),
    "open": store.open_submissions().count(),
    "failed": list(Submission.objects.filter(state="failed").values_list("problem", flat=True)),
})
"""

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")


def ours(gradebook, *words):
    """The processes of this gradebook whose command line has these words.

    They are known by their surroundings: the gradebook's folder, or that for temporary files.
    """
    mark = f"={gradebook.folder.parent}{os.sep}".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                line = (entry / "cmdline").read_bytes()
                if mark in (entry / "environ").read_bytes() and all(w in line for w in words):
                    yield int(entry.name)


def hosts(gradebook):
    """The judges' hosts, without the processes of answers, which are forks and look alike: who
    kills such a one can't be told from an answer that ends itself."""
    alike = set(ours(gradebook, b"judge.host"))
    for pid in alike:
        with contextlib.suppress(psutil.NoSuchProcess):
            above = psutil.Process(pid).parent()
            if above is not None and above.pid not in alike and above.pid != 1:
                yield pid


def kill(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def more_hand_in(gradebook, wanted, chance):
    for _ in range(EACH_ROUND):
        student = f"s{len(wanted):04}"
        right = chance.random() < 0.5
        mark = f"\n\n_mark = {student!r}\n"
        answers = {name: text + mark for name, text in (RIGHT if right else WRONG).items()}
        hand_in(gradebook.handed, student, answers)
        wanted[student] = 12.0 if right else 0.0


def why(gradebook, told, wanted):
    """How often the judge said what to those who got other points than they should."""
    odd = [student for student, got in points(told).items() if got != wanted[student]]
    found = gradebook.ask(
        "grades = Grade.objects.filter(current=True).select_related('verdict')\n"
        f"found = grades.filter(answer__submission__student__key__in={odd!r})\n"
        "say([[g.verdict.outcome, g.verdict.report] for g in found])"
    )
    failures = [
        (outcome, each["failure"]["traceback"].strip() or each["failure"]["message"])
        for outcome, report in found
        for each in report["results"]
        if each["failure"]
    ]
    return Counter((outcome, said.splitlines()[-1]) for outcome, said in failures)


def test_killed_at_fifty_random_moments(tmp_path):
    seed = random.SystemRandom().randrange(10**6)
    print("seed", seed)  # shown when it fails
    chance, wanted, killed = random.Random(seed), {}, 0
    (tmp_path / "tmp").mkdir()
    gradebook = Gradebook(tmp_path, TMPDIR=str(tmp_path / "tmp")).with_databases()
    grade = ["grade", gradebook.handed, "--json"]
    page = ["gradebook", "--port", "0"]
    while killed < KILLS:
        more_hand_in(gradebook, wanted, chance)
        words = chance.choice([grade, grade, page])
        command = gradebook.start(*words, "--workers", "2", "--no-sandbox")
        for _ in range(chance.randrange(1, 6)):
            time.sleep(chance.uniform(0, 0.6))
            victims = [*ours(gradebook, b"inside\0worker"), *hosts(gradebook)]
            if victims:
                kill(chance.choice(victims))
                killed += 1
        time.sleep(chance.uniform(0, 1.5))
        command.kill()
        command.wait()
        killed += 1

    told = gradebook.grade("--workers", "2")
    assert points(told) == wanted, why(gradebook, told, wanted)
    record = gradebook.ask(RECORD)
    assert record == {
        "submissions": len(wanted),
        "answers": 3 * len(wanted),
        "grades": 3 * len(wanted),
        "current": 3 * len(wanted),
        "open": 0,
        "failed": [],
    }


def test_nobody_is_left_behind_when_the_command_is_killed(tmp_path):
    gradebook = Gradebook(tmp_path)
    for number in range(40):
        hand_in(
            gradebook.handed, f"s{number}", {n: t + f"\n_x = {number}\n" for n, t in RIGHT.items()}
        )
    command = gradebook.start("grade", gradebook.handed, "--workers", "2", "--no-sandbox")
    _until(lambda: len(list(ours(gradebook, b"inside\0worker"))) == 1)
    command.kill()
    command.wait()
    _until(lambda: not list(ours(gradebook)))


def _until(seen, seconds=30):
    end = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < end, "it never came to pass"
        time.sleep(0.02)
