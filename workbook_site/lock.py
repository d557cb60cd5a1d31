"""One process at a time: a lock that the system takes back when its holder dies."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(path: Path, when_waiting: Callable[[], None] = lambda: None) -> Iterator[int]:
    """Hold the lock on `path`, a file made if need be; `when_waiting` is called before a wait.

    Gives the open file's number: a child that inherits it keeps the lock while it lives, so that
    a pip whose parent was killed is never joined by a second one. The system lets go of the lock
    with the last of them, whatever way they end.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _try(handle):
            when_waiting()
            _wait(handle)
        yield handle
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait(handle: int) -> None:
        # LK_LOCK itself gives up after ten tries, one a second.
        while True:
            try:
                return msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
            except OSError:
                continue

else:
    import fcntl

    def _try(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _wait(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)
