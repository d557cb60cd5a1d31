"""Run a test in a process of its own: Django is set up once a process, and reload is about that."""

import functools
import importlib
import os
import sys
from pathlib import Path

from tests.forks import fork, settle

PATIENCE = 60  # seconds for a test, on a machine that does much else


def apart(test):
    """The test is given an empty folder; a failure shows what its process said."""

    @functools.wraps(test)
    def run(tmp_path, tmp_path_factory):
        said = tmp_path_factory.mktemp("said") / "log"
        process = fork(_run, test.__module__, test.__name__, tmp_path, said)
        process.join(PATIENCE)
        process.kill()
        process.join()
        assert process.exitcode == 0, said.read_text()

    # pytest looks at its arguments; the test itself is found by its name.
    run.alone = test
    del run.__wrapped__
    return run


def _run(module, name, folder, said):
    with Path(said).open("w") as log:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(log.fileno(), stream.fileno())
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "WORKBOOK_"))}
    settle(kept, Path.cwd(), "error")
    getattr(importlib.import_module(module), name).alone(folder)
