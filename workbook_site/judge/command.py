"""How a host is started: the one place where a sandbox may be put around it.

`judge.sandbox` wraps `argv` and cuts down what the host sees. The host gets its socket by
inheritance, so that it needs no path in common with the judge but the folder of its answers.
"""

import compileall
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbook_site import places
from workbook_site.judge import room, sandbox

# Everything else of the judge's environment stays with the judge.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "WORKBOOK_SPAWN")

# What a host loads of this program.
COMPILED = ("judge", "checking", "reload", "services")


@dataclass(frozen=True)
class Command:
    """A process to be: its arguments, its environment, the folder that it starts in."""

    argv: list[str]
    env: Mapping[str, str]
    cwd: Path


def host(control: int, answers: Path, *, sandboxed: bool = False) -> Command:
    """The host that listens on the inherited descriptor `control`; `answers` is the folder that
    holds the projects it is given. Raises `NoSandbox`."""
    argv = [sys.executable, "-m", "workbook_site.judge.host", str(control), str(answers)]
    if not sandboxed:
        return Command(argv=argv, env=environment(), cwd=answers)
    rooms = "root" if sandbox.as_root() else "user"
    told = {**environment(), **dict.fromkeys(("HOME", "TMPDIR"), str(room.scratch(answers)))}
    told.pop("WORKBOOK_SPAWN", None)  # a room is made by a fork
    _compile()
    return Command(argv=sandbox.wrap([*argv, rooms], answers, told), env={}, cwd=answers)


def _compile() -> None:
    """Behind the wall nothing can be kept, so what is loaded there is compiled here."""
    for part in COMPILED:
        compileall.compile_dir(places.CHECKOUT / "workbook_site" / part, quiet=2)


def environment() -> dict[str, str]:
    """The few variables that a judged process may know of its judge."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(places.CHECKOUT),
        "PYTHONUTF8": "1",
        # All that is asked is on this machine. And macOS must not look up its proxies in a fork.
        "no_proxy": "*",
    }
