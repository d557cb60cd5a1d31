"""How a judged process gets behind the walls of its room: through the doors that the room opened.

The host forks it, since it shares with the host all that is loaded. Nothing of the answer has run
before its rights are gone.
"""

import contextlib
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from workbook_site.judge import calls, namespaces
from workbook_site.judge.job import OURS, Ends, Job

# How many doors a room has that was made by root: one less than any other, which has users, too.
OF_ROOT = 5


@contextlib.contextmanager
def births(doors: Sequence[int]) -> Iterator[None]:
    """Whoever this process forks inside the block is born among the room's processes.

    Nobody may have that of a room that has users of its own; there `go_in` does it. Raises
    `OSError`.
    """
    if len(doors) > OF_ROOT:
        yield
        return
    (here, *_) = own = namespaces.doors(users=False)
    namespaces.join(doors[:1])
    try:
        yield
    finally:
        namespaces.join([here])
        for each in own:
            os.close(each)


def go_in(doors: Sequence[int], owner: int) -> None:
    """Be in the room, as the user `owner`, without any rights. Raises `OSError`.

    In a room with users of its own only who is among these may have a child among its processes.
    So it is a child that comes back there; this process itself ends as that child does.
    """
    processes, others, users = doors[:1], doors[1:OF_ROOT], doors[OF_ROOT:]
    namespaces.join([*users, *others])
    if users:
        namespaces.join(processes)
        pid = os.fork()
        if pid:
            _end_as(pid)
    namespaces.drop_rights(owner)
    namespaces.end_with_parent(signal.SIGKILL)
    namespaces.show()


def confine(job: Job, ends: Ends) -> None:
    """What else judged code goes without: descriptors, resources, system calls."""
    _close_all_but({*vars(ends).values()})
    job.limits.confine()
    calls.refuse()


def _close_all_but(spared: set[int]) -> None:
    for descriptor in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if descriptor > 2 and descriptor not in spared:
            with contextlib.suppress(OSError):  # the one that the listing itself used
                os.close(descriptor)


def _end_as(pid: int) -> NoReturn:
    _, waited = os.waitpid(pid, 0)
    status = os.waitstatus_to_exitcode(waited)
    if status < 0:
        if -status != signal.SIGKILL:
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
        os.kill(os.getpid(), signal.SIGKILL)  # a signal that does not end anybody
    os._exit(status if status >= 0 else OURS)
