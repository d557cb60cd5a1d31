"""Folders of hosts that were killed together with their judge: nobody was left to clear up.

A host's log is locked from before it has its name until the last process that writes to it is gone,
so that the system itself tells whose folder is nobody's any more.
"""

import contextlib
import fcntl
import shutil
import time
from pathlib import Path
from typing import BinaryIO

# Seconds after which a folder that is still empty, without even a log, is nobody's either: its
# judge was killed before it came to start a host.
OLD = 3600.0

PREFIX = "judge-"
LOG = "judge.log"


def log(folder: Path) -> BinaryIO:
    """The new log of the host that works in `folder`, locked. Whoever inherits it shares the
    lock."""
    begun = folder / f"{LOG}.new"
    opened = begun.open("wb")
    fcntl.flock(opened, fcntl.LOCK_EX)
    begun.rename(folder / LOG)
    return opened


def sweep(place: Path) -> None:
    """Take away the folders in `place` whose host is gone."""
    for found in place.glob(f"{PREFIX}*/{LOG}"):
        try:
            with found.open("rb") as opened:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(found.parent, ignore_errors=True)
        except OSError:
            continue  # it is somebody's, or another user's
    for found in place.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - found.stat().st_mtime > OLD:
                found.rmdir()  # an error, unless it is empty
