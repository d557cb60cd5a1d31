"""A gradebook's folder, made and brought up to date before anybody works in it."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import django
from django.apps import apps
from django.db import connection
from django.db.models import Model

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
    before it begins. So an SQLite file bears in its header which migrations it was brought up to,
    and a new one is made without them.
    """
    known = _number()
    if connection.vendor != "sqlite":
        return _migrate()
    with connection.cursor() as cursor:
        if cursor.execute("PRAGMA user_version").fetchone()[0] != known:
            _migrate() if connection.introspection.table_names(cursor) else _make()
            cursor.execute(f"PRAGMA user_version = {known}")


def _number() -> int:
    """A number, from 1 to 2^31 - 1, that tells sets of migrations apart."""
    told = " ".join([django.__version__, *(f"{app}.{name}" for app, name in _migrations())])
    return (zlib.crc32(told.encode()) & 0x7FFFFFFF) or 1


def _migrations() -> list[tuple[str, str]]:
    """Apps and names of all migrations, by their files alone."""
    return sorted(
        (config.label, path.stem)
        for config in apps.get_app_configs()
        for path in Path(config.path, "migrations").glob("[0-9]*.py")
    )


def _migrate() -> None:
    from django.core.management import call_command
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def _make() -> None:
    """The tables as the models have them, and all migrations noted: to what they come to in a
    database that has nothing in it. All of it or, where it is cut short, nothing."""
    from django.db.migrations.recorder import MigrationRecorder

    applied = MigrationRecorder(connection).Migration
    models: list[type[Model]] = [applied, *apps.get_models()]
    with connection.schema_editor() as editor:
        for model in models:
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        applied.objects.bulk_create(applied(app=app, name=name) for app, name in _migrations())
