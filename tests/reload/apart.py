"""Run a test in a process of its own: Django is set up once a process, and reload is about that."""

import functools
import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]

RUN = """
import importlib, pathlib, sys
sys.path.insert(0, sys.argv[1])
getattr(importlib.import_module(sys.argv[2]), sys.argv[3]).__wrapped__(pathlib.Path(sys.argv[4]))
"""


def apart(test):
    """The test is given an empty folder; a failure shows what its process said."""

    @functools.wraps(test)
    def run(tmp_path):
        told = [str(CHECKOUT), test.__module__, test.__name__, str(tmp_path)]
        env = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "WORKBOOK_"))}
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", RUN, *told],
            capture_output=True,
            text=True,
            env=env,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return run
