"""A gradebook's tables: made at once in a new one, brought up to date in one from before."""

import sqlite3
from contextlib import closing

import pytest

from tests.grading.small import Gradebook

MIGRATED = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
say(None)
"""
OPENED = """
from workbook_site.grading import opening
from workbook_site.grading.page.models import Instructor
opening.open_gradebook()
say([Student.objects.count(), Instructor.objects.count()])
"""


def tables(gradebook):
    """Columns, indexes and references by table; the order of columns says nothing."""
    with closing(sqlite3.connect(gradebook.folder / "gradebook.sqlite3")) as db:
        names = [
            name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return {
            name: (
                sorted(row[1:] for row in db.execute(f"PRAGMA table_info({name})")),
                sorted(index(db, *row[1:]) for row in db.execute(f"PRAGMA index_list({name})")),
                sorted(row[2:] for row in db.execute(f"PRAGMA foreign_key_list({name})")),
            )
            for name in names
        }


def index(db, name, unique, origin, partial):
    columns = [column for _, _, column in db.execute(f"PRAGMA index_info({name})")]
    # SQLite itself numbers those that stand in a column's definition.
    return "" if name.startswith("sqlite_autoindex") else name, unique, origin, partial, columns


def migrations(gradebook):
    with closing(sqlite3.connect(gradebook.folder / "gradebook.sqlite3")) as db:
        return sorted(db.execute("SELECT app, name FROM django_migrations"))


@pytest.fixture
def two(tmp_path):
    """Two gradebooks of one course."""
    first = Gradebook(tmp_path / "first")
    return first, Gradebook(tmp_path / "second", content=first.content)


def test_a_new_one_has_the_tables_that_all_migrations_come_to(two):
    made, migrated = two
    assert made.ask(OPENED) == [0, 0]
    migrated.folder.mkdir(parents=True)
    migrated.ask(MIGRATED)
    assert tables(made) == tables(migrated)
    assert migrations(made) == migrations(migrated)


def test_one_that_lacks_a_migration_gets_it_and_keeps_what_it_has(two):
    old, _ = two
    old.ask(OPENED)
    with closing(sqlite3.connect(old.folder / "gradebook.sqlite3")) as db, db:
        db.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        db.execute("DROP TABLE django_session")
        db.execute("INSERT INTO grading_student (key, name, email, enrolled, changed)"
                   " VALUES ('ann', '', '', 0, 0)")  # fmt: skip
        db.execute("PRAGMA user_version = 1")
    assert old.ask(OPENED) == [1, 0]
    assert "django_session" in tables(old)
    assert ("sessions", "0001_initial") in migrations(old)


def test_one_that_was_killed_while_it_was_made_is_made(two):
    cut, whole = two
    cut.ask("""
import os
from workbook_site.grading import opening
from django.db.migrations.recorder import MigrationRecorder
def killed(rows):
    print("null", flush=True)
    os._exit(0)
MigrationRecorder.Migration.objects.bulk_create = killed
opening.open_gradebook()
""")
    assert tables(cut) == {}
    assert cut.ask(OPENED) == [0, 0]
    whole.ask(OPENED)
    assert tables(cut) == tables(whole)
