"""How long a page of the gradebook takes at the server's door: 500 students, 45 exercises.

    python benchmarks/gradebook_page.py [--students N] [--rounds N] [--bar MS]

A real uvicorn on a gradebook of its own, asked over a socket as a browser asks, logged in. The rows
are made up; the exercises too, so that the table has 45 whatever the workbook holds. The first page
counts too: the server has said that it is ready. Exits with 1 when it or the median is above the
bar.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS, EXERCISES = 15, 3
KINDS = [("passed", 1.0), ("not yet", 0.5), ("not yet", 0.0), ("not tried", 0.0)]
EXERCISE = (
    '"""Exercise {n} of {chapter}\n\nDo it."""\nFILE = "a.py"\nPOINTS = 3\nHINTS = ["a", "b"]\n'
)


def main() -> int:
    """Measure, print, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--bar", type=float, default=150.0, help="milliseconds")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        surround(folder)
        cookies = fill(options.students)
        with served() as address:
            times, page = ask(address, cookies, options.rounds)
    middle = statistics.median(times)
    print(f"{options.students} students x {CHAPTERS * EXERCISES} exercises, {len(page):,} bytes")
    print(f"first {times[0]:.0f} ms, median {middle:.0f} ms, slowest {max(times[1:]):.0f} ms")
    held = max(times[0], middle) <= options.bar
    print(f"bar {options.bar:.0f} ms: {'held' if held else 'MISSED'}")
    return int(not held)


def surround(folder: Path) -> None:
    """A course of 45 exercises, and a gradebook of its own."""
    for number in range(CHAPTERS):
        chapter = f"chapter_{number}"
        exercises = folder / "exercises" / chapter
        exercises.mkdir(parents=True)
        cells = []
        for n in range(EXERCISES):
            (exercises / f"exercise_{n}.py").write_text(EXERCISE.format(n=n, chapter=chapter))
            about = {"workbook": {"exercise": f"exercise_{n}"}}
            cells.append({"cell_type": "code", "id": f"c{n}", "metadata": about, "source": ""})
        notebooks = folder / "notebooks"
        notebooks.mkdir(exist_ok=True)
        written = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        (notebooks / f"{number:02}_{chapter}.ipynb").write_text(written)
    os.environ |= {
        "WORKBOOK_CONTENT": str(folder),
        "WORKBOOK_GRADEBOOK": str(folder / "gradebook"),
        "WORKBOOK_SECRET_KEY": "x" * 60,
        "DJANGO_SETTINGS_MODULE": "workbook_site.settings",
        "PYTHONPATH": str(ROOT),
    }
    sys.path.insert(0, str(ROOT))


def fill(students: int) -> dict[str, str]:
    """A class that has handed in nearly everything; an instructor's cookies."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import transaction

    from workbook_site.grading.opening import open_gradebook
    from workbook_site.grading.page.models import Instructor

    open_gradebook()
    with transaction.atomic():
        rows(students)
        ada = Instructor.objects.create(name="ada", has_own_password=True)
    session = SessionStore()
    session[SESSION_KEY] = str(ada.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = ada.get_session_auth_hash()
    session.save()
    assert session.session_key
    return {settings.SESSION_COOKIE_NAME: session.session_key}


def rows(students: int) -> None:
    """Students, submissions, answers, verdicts and grades; one remark for each student."""
    from django.utils import timezone

    from workbook_site.grading.models import (
        Answer,
        Grade,
        Remark,
        Student,
        Submission,
        Verdict,
    )

    chance, now = random.Random(45), timezone.now()
    those = Student.objects.bulk_create(
        Student(key=f"s{n:04}", name=f"Student {n:04}", changed=1) for n in range(students)
    )
    places = [(f"chapter_{c}", f"exercise_{e}") for c in range(CHAPTERS) for e in range(EXERCISES)]
    verdicts = {
        (place, kind): Verdict.objects.create(
            key=f"{place}{kind}", chapter=place[0], exercise=place[1], outcome=kind[0],
            points=3 * kind[1], possible=3, report={}, made_at=now,
        )
        for place in places for kind in KINDS
    }  # fmt: skip
    handed = Submission.objects.bulk_create(
        [
            Submission(student=one, chapter=f"chapter_{c}", digest="d", received_at=now,
                       source="class.zip", state="graded")
            for one in those for c in range(CHAPTERS)
        ],
        batch_size=500,
    )  # fmt: skip
    answers = Answer.objects.bulk_create(
        [
            Answer(submission=one, exercise=f"exercise_{e}", text="pass", key="k")
            for one in handed for e in range(EXERCISES)
        ],
        batch_size=500,
    )  # fmt: skip
    chapters = {one.pk: one.chapter for one in handed}
    Grade.objects.bulk_create(
        [
            Grade(answer=one, made_at=now, verdict=verdicts[
                (chapters[one.submission_id], one.exercise), chance.choice(KINDS)])
            for one in answers
        ],
        batch_size=500,
    )  # fmt: skip
    Remark.objects.bulk_create(
        Remark(student=one, chapter=places[0][0], exercise=places[0][1], points=2, by="ada", at=now)
        for one in those
    )


class served:
    """A uvicorn as a context manager; gives its address."""

    def __enter__(self) -> str:
        words = ["workbook_site.asgi:application", "--port", "0", "--lifespan", "on"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", *words, "--no-access-log"],
            stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        assert self.process.stderr
        for line in self.process.stderr:
            if "running on" in line:
                return line.split("running on ")[1].split()[0]
        raise RuntimeError("uvicorn did not start")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()


def ask(address: str, cookies: dict[str, str], rounds: int) -> tuple[list[float], bytes]:
    """Milliseconds from the request to the last byte, for each round; the page."""
    times = []
    with httpx.Client(base_url=address, cookies=cookies, timeout=60) as client:
        for _ in range(rounds):
            begun = time.perf_counter()
            got = client.get("/")
            times.append(1_000 * (time.perf_counter() - begun))
            assert got.status_code == 200, got.status_code
            assert got.text.count("<tr id=s") == got.text.count("<tr id=s") > 0
    return times, got.content


if __name__ == "__main__":
    sys.exit(main())
