"""Processes and their offspring: whatever a judged process starts ends with it.

A process that detaches itself (a new session, a double fork) leaves its group. On Linux the host
and each judged process adopt such orphans, so that they stay within reach; elsewhere only the
process group is ended.
"""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children(pid: int) -> list[int]:
    """The processes that `pid` is the parent of; none where the system does not tell."""
    found: list[int] = []
    for task in _tasks(pid):
        with contextlib.suppress(OSError):  # a thread that ended meanwhile
            found += map(int, (task / "children").read_text().split())
    return found


def _tasks(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:  # it ended, maybe in this very moment, or the system does not tell
        return []


def end_group(pid: int) -> None:
    """Kill the process `pid` and all of its group."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def end_rest_of_group(pid: int) -> None:
    """Kill what is left of the group that the process `pid`, which has ended, led."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def end_descendants(pid: int) -> None:
    """Kill all that `pid` started, and what those started."""
    for child in children(pid):
        end_descendants(child)
        end_group(child)


def end_strays(spared: set[int]) -> None:
    """Kill and reap the children of this process that are not `spared`, until there is none.

    Killing one may bring up its own children, which this process then adopts.
    """
    while strays := [pid for pid in children(os.getpid()) if pid not in spared]:
        for pid in strays:
            end_group(pid)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
