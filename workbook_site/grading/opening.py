"""A gradebook's folder, made and brought up to date before anybody works in it."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.db import connection

from workbook_site import deployment, lock
from workbook_site.grading.policy import FILE, TEMPLATE

LOCK = ".lock"


def open_gradebook() -> Path:
    """Make the folder, its tables and its late policy where they are missing. Raises `OSError`."""
    folder = deployment.gradebook()
    folder.mkdir(parents=True, exist_ok=True)
    policy = folder / FILE
    with lock.held(folder / LOCK):
        if not policy.exists():
            policy.write_text(TEMPLATE, encoding="utf-8")
        _bring_up()
    if os.name == "posix":
        folder.chmod(0o700)  # a class's work and its grades are nobody else's business
    return folder


def _bring_up() -> None:
    """Apply the migrations that are missing.

    To find out, Django reads all migrations, which takes longer than all else that a command does
    before it begins. So an SQLite file bears in its header which migrations it was brought up to.
    """
    known = _migrations()
    if connection.vendor != "sqlite":
        return _migrate()
    with connection.cursor() as cursor:
        if cursor.execute("PRAGMA user_version").fetchone()[0] != known:
            _migrate()
            cursor.execute(f"PRAGMA user_version = {known}")


def _migrations() -> int:
    """A number, from 1 to 2^31 - 1, that tells sets of migrations apart."""
    told = " ".join([django.__version__, *sorted(_names())])
    return (zlib.crc32(told.encode()) & 0x7FFFFFFF) or 1


def _names() -> Iterator[str]:
    for config in apps.get_app_configs():
        for path in Path(config.path, "migrations").glob("*.py"):
            yield f"{config.label}.{path.stem}"


def _migrate() -> None:
    from django.core.management import call_command
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
