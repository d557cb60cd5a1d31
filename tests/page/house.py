"""A gradebook of its own, served by the real command in a process of its own."""

import functools
import json
import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from tests import forks
from workbook_site.services import process

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery"
EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"
OPEN_TOO = re.compile(r"WORKBOOK_|DJANGO_SETTINGS_MODULE")


def environment(folder, **more):
    """The surroundings of a process that works in this gradebook, without ours."""
    plain = {name: value for name, value in os.environ.items() if not OPEN_TOO.match(name)}
    named = {"WORKBOOK_GRADEBOOK": str(folder), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return plain | named | more


def python(folder, code, **more):
    """Run code among the gradebook's models, in a process of its own; what it printed."""
    begin = "import django; django.setup()\nfrom workbook_site.grading.models import *\n"
    surroundings = environment(folder, DJANGO_SETTINGS_MODULE="workbook_site.settings", **more)
    done = forks.python(begin + code, surroundings)
    assert done.returncode == 0, done.stderr
    return done.stdout


def command(folder, *words, ready=None, **more):
    """A command of the workbook as a child."""
    return process.start(
        [sys.executable, "-P", "-m", "workbook_site.inside", *words, "--gradebook", str(folder)],
        name=words[0],
        env=environment(folder, **more),
        ready=ready,
        cwd=ROOT,
        within=60,
    )


@functools.cache
def _kept():
    """The password as the database keeps it: to make that takes half a second each time."""
    hasher = PBKDF2PasswordHasher()
    return hasher.encode(PASSWORD, hasher.salt())


class House:
    """The served gradebook. `password` is the one that the first start printed, or None."""

    def __init__(self, folder, *words, workers=0, **more):
        self.folder = folder
        self.more = more
        options = ["--port", "0", "--workers", str(workers), *words]
        ready = process.line(r"http://127\.0\.0\.1:(\d+)/[\s\S]*Ctrl-C")
        self.child = command(folder, "gradebook", *options, ready=ready, **more)
        self.port = int(self.child.ready[1])
        self.address = f"http://127.0.0.1:{self.port}"
        printed = re.search(r"Password\s+(\S+)", self.child.log())
        self.password = printed and printed[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.stop()

    def stranger(self):
        return httpx.Client(base_url=self.address, timeout=60)

    @contextmanager
    def instructor(self, name="ada"):
        """A client that is logged in, with an account that was made for it."""
        python(
            self.folder,
            "from workbook_site.grading.page.models import Instructor\n"
            f"told = {{'password': {_kept()!r}, 'has_own_password': True}}\n"
            f"Instructor.objects.update_or_create(name={name!r}, defaults=told)",
            **self.more,
        )
        with self.stranger() as client:
            assert login(client, name, PASSWORD).status_code == 302
            yield client


def send(client, path, **data):
    """Send a form as a browser does: with the token, and where it comes from."""
    files = data.pop("files", None)
    client.get("/login/" if "workbook_csrf" not in client.cookies else "/health/")
    token = {"csrfmiddlewaretoken": client.cookies["workbook_csrf"]}
    origin = str(client.base_url).rstrip("/")
    return client.post(path, data=token | data, files=files, headers={"Origin": origin})


def login(client, name, password):
    return send(client, "/login/", name=name, password=password)


FILL = """
import json
from django.utils import timezone
from workbook_site.checking import Report, Result, Outcome
from workbook_site.checking.report import FailureData
from workbook_site.grading import store
from workbook_site.grading.page import reading
evil, now = {evil!r}, timezone.now()
column = next(c for c in reading.columns() if c.chapter == "async_views")
for key, name in [("s1", evil), ("s2", "Grace Hopper"), (evil, "")]:
    student = Student.objects.create(key=key, name=name)
    submission = Submission.objects.create(
        student=student, chapter=column.chapter, digest="d", received_at=now, source=evil,
        state="graded", notes=[evil], late_by=1)
    answer = Answer.objects.create(
        submission=submission, exercise=column.exercise, text=evil, key="k", note=evil)
    failed = FailureData(evil, expected=evil, actual=evil, nudge=evil, traceback=evil)
    for n, points in enumerate([0.5, 2]):
        results = (Result("a", evil, Outcome.NOT_YET, points, 3.0, failed),)
        report = Report(column.exercise, column.chapter, evil, Outcome.NOT_YET, points, 3.0,
                        results, output=evil, hints=(evil,))
        verdict, _ = Verdict.objects.get_or_create(key=f"{{student.pk}}{{n}}", defaults=dict(
            chapter=column.chapter, exercise=column.exercise, outcome="not yet", points=points,
            possible=3.0, report=report.to_json(), made_at=now))
        Grade.objects.create(answer=answer, verdict=verdict, current=n == 1, made_at=now)
    store.remark(student, column.chapter, column.exercise, by=evil[:60], comment=evil)
    Submission.objects.create(
        student=student, chapter="async_orm", digest="d", received_at=now, source=evil,
        state="failed", problem=evil, trouble="not_json")
Unplaced.objects.create(source=evil, why=evil, digest="u", at=now)
print(json.dumps([Student.objects.get(key="s1").pk, column.chapter, column.exercise]))
"""


def fill(folder):
    """Three students whose every word is an attack; the first one's key, and an exercise."""
    return json.loads(python(folder, FILL.format(evil=EVIL)))
