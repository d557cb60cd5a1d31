"""A gradebook's folder, made and brought up to date before anybody works in it."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

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
        if _behind():
            call_command("migrate", verbosity=0, interactive=False)
    if os.name == "posix":
        folder.chmod(0o700)  # a class's work and its grades are nobody else's business
    return folder


def _behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
