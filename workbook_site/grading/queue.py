"""The queue: huey, carrying ids of submissions to whichever worker is free first.

It wakes workers, no more. An id that is lost is found by a worker that looks into the database; an
id that comes twice meets a lease. So what is in the queue never has to be right.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from typing import Any

from workbook_site import deployment
from workbook_site.hidden import hidden

NAME = "grading"
FILE = "queue.sqlite3"


@functools.cache
def huey() -> Any:
    """The queue of this gradebook: Redis or PostgreSQL where the surroundings name one, else a file
    in its folder."""
    usual = {"results": False, "utc": True}
    if address := deployment.redis():
        from huey import RedisHuey

        return RedisHuey(NAME, url=address, read_timeout=1, **usual)
    if address := os.environ.get("WORKBOOK_DATABASE_URL"):
        from huey import PostgresHuey

        return PostgresHuey(NAME, dsn=address, read_timeout=1, **usual)
    # huey loads the clients of all its stores where they are installed, which takes longer than
    # a small class does.
    with hidden("psycopg", "redis"):
        from huey import SqliteHuey

    # Nothing is lost with this file, so nobody has to wait for the disk.
    path = str(deployment.gradebook() / FILE)
    return SqliteHuey(NAME, filename=path, fsync=False, cache_mb=1, timeout=30, **usual)


@functools.cache
def _task() -> Any:
    def grade(pk: int) -> None:
        """Never run by huey itself: a worker takes the id and does the work in its own loop."""

    return huey().task(name="grade")(grade)


def put(ids: Iterable[int]) -> None:
    """Have these graded by whoever is free."""
    task = _task()
    for pk in ids:
        task(pk)


def take() -> int | None:
    """The next id, or `None` when there is none right now. Redis and PostgreSQL wait a second."""
    _task()  # known by name, so that it can be read
    taken = huey().dequeue()
    return None if taken is None else int(taken.args[0])
