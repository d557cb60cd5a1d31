"""From the words typed to the command that runs: overview, near names, environment, command."""

import os
import subprocess
import sys
from pathlib import Path

from workbook_site import environment, exits, overview

INTERRUPTED = "\nStopped. What is done so far is kept; the same command goes on from there.\n"


def main(argv: list[str]) -> int:
    """Run one command line; the answer is the exit code. May replace this process."""
    try:
        return _main(argv)
    except exits.Stop as stop:
        sys.stderr.write(f"{stop}\n")
        return stop.code
    except KeyboardInterrupt:
        sys.stderr.write(INTERRUPTED)
        return exits.INTERRUPTED


def _main(argv: list[str]) -> int:
    if not argv or argv[0] in ("help", "-h", "--help"):
        sys.stdout.write(overview.text())
        return 0
    overview.known(argv[0])
    python = environment.ready_for(argv[0])
    surroundings = environment.variables(python)
    if str(python) == sys.executable:
        os.environ.update(surroundings)
        return _here(argv)
    return _there(python, argv, surroundings)


def _here(argv: list[str]) -> int:
    # Only now: this module needs Django, which a bare Python has not.
    from workbook_site import inside

    return inside.main(argv)


def _there(python: Path, argv: list[str], variables: dict[str, str]) -> int:
    # -P: the folder we stand in may hold a workbook_site of its own, and ours is on PYTHONPATH.
    line = [str(python), "-P", "-m", "workbook_site.inside", *argv]
    surroundings = os.environ | variables
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        # In our place: signals, the terminal and the exit code need no one to pass them on.
        os.execve(line[0], line, surroundings)  # noqa: S606
    return subprocess.run(line, env=surroundings, check=False).returncode
