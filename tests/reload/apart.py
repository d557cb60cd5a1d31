"""Run a test in a process of its own: Django is set up once a process, and reload is about that."""

import functools
import importlib
import os
from pathlib import Path

from tests.forks import run, settle


def apart(test):
    """The test is given an empty folder; a failure shows what its process said."""

    @functools.wraps(test)
    def in_a_fork(tmp_path):
        done = run(_be, test.__module__, test.__name__, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr

    return in_a_fork


def _be(module, name, folder):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "WORKBOOK_"))}
    settle(kept, Path.cwd(), "error")
    getattr(importlib.import_module(module), name).__wrapped__(folder)
