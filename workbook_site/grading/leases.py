"""Who works on a submission, and whether they still can.

A lease runs out by the database's own clock, so machines need not agree on the time. A holder that
died on this machine is seen to be dead at once: a command that was killed goes on without a wait.
"""

import functools
import os
import socket
import uuid
from datetime import timedelta
from pathlib import Path

# How long a lease holds without being renewed, and how often it is renewed.
SPAN = timedelta(seconds=60)
RENEWED = 10.0

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")


def holder() -> str:
    """A name for the calling process that no other process ever has."""
    pid = os.getpid()
    return f"{_machine()} {pid} {_started(pid) or uuid.uuid4().hex}"


def gone(name: str) -> bool:
    """Is this holder known to be dead? What runs on another machine is never known to be."""
    machine, _, rest = name.partition(" ")
    pid, _, started = rest.partition(" ")
    if machine != _machine() or not pid.isdecimal():
        return False
    return _started(int(pid)) != started if _NAMESPACE.exists() else not _alive(int(pid))


@functools.cache
def _machine() -> str:
    """Process ids mean the same wherever this is the same: one boot, one container."""
    try:
        return f"{_BOOT.read_text().strip()}/{_NAMESPACE.stat().st_ino}"
    except OSError:
        return socket.gethostname()


def _started(pid: int) -> str:
    """When a process began, in the kernel's own ticks; nothing when there is none, or a zombie."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if told[0] in "ZX" else told[19]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
