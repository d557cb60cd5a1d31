"""Between two checks of one answer: the database, the queue and the mails as at the beginning.

The judged process goes on, so the database file is not exchanged but written over by SQLite's own
backup, which takes its locks like anybody else.
"""

import contextlib
import sqlite3
from pathlib import Path

from workbook_site.judge.overrides import DATABASE, MAIL, QUEUE

# Real seconds to wait for a lock: whoever holds one now does not give it back.
LOCKED = 1.0


def restore(state: Path, template: Path | bytes) -> bool:
    """Put all back; false when the judged process does not let go of its files.

    `template` is the database at the beginning: its file, or what stands in it.
    """
    try:
        _restore_database(state / DATABASE, template)
        _empty_queue(state / QUEUE)
        for mail in (state / MAIL).glob("*"):
            mail.unlink()
    except (sqlite3.Error, OSError):
        return False
    return True


def _restore_database(file: Path, template: Path | bytes) -> None:
    if not file.is_file():
        return
    with contextlib.closing(sqlite3.connect(file, timeout=LOCKED)) as now:
        # Fails when somebody holds a lock; a backup would wait for it without end.
        now.execute("BEGIN IMMEDIATE")
        now.rollback()
        if _changes(file) != _changes(template):
            with contextlib.closing(_open(template)) as old:
                old.backup(now)


def _open(template: Path | bytes) -> sqlite3.Connection:
    if isinstance(template, Path):
        return sqlite3.connect(f"{template.as_uri()}?mode=ro", uri=True)
    opened = sqlite3.connect(":memory:")
    opened.deserialize(template)
    return opened


def _changes(database: Path | bytes) -> bytes:
    """SQLite's file change counter: another one after each transaction that wrote."""
    if isinstance(database, bytes):
        return database[24:28]
    with database.open("rb") as read:
        return read.read(28)[24:]


def _empty_queue(file: Path) -> None:
    if not file.is_file():
        return
    with contextlib.closing(sqlite3.connect(file, timeout=LOCKED)) as queue:
        for table in ("task", "schedule", "kv", "counter"):
            queue.execute(f"DELETE FROM {table}")  # noqa: S608
        queue.commit()
