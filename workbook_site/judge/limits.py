"""What a judged process may use. `apply` bounds accidents, `confine` what a stranger may want."""

import contextlib
import os
import resource
from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds for one answer.

    check, wall: real seconds for one check and for the whole answer, as far as the machine has time
    for the judge. These are the last safety bounds: no check is about them, and one that is hung up
    by them costs a life.
    printed: bytes that it may print. memory: bytes of data. file: bytes of one file that it
    writes. lives: how many processes it may lose (by dying or hanging) before the rest of its
    checks is left untried.

    In a sandbox, besides: memory is that of all its processes together. processes: how many there
    may be, threads counted. files: descriptors of one process. disk: bytes of all files. cpu:
    seconds of one process.
    """

    check: float = 10.0
    wall: float = 40.0
    printed: int = MB
    memory: int = 2048 * MB
    file: int = 256 * MB
    lives: int = 2
    processes: int = 64
    files: int = 256
    disk: int = 64 * MB
    cpu: int = 30

    def apply(self) -> None:
        """Bind the calling process, and all that it starts, for good."""
        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_DATA, self.memory)
        _lower(resource.RLIMIT_FSIZE, self.file)

    def confine(self) -> None:
        """The rest, for processes that have a user id, or a user namespace, to themselves."""
        _lower(resource.RLIMIT_NPROC, self.processes)
        _lower(resource.RLIMIT_NOFILE, self.files)
        _lower(resource.RLIMIT_CPU, self.cpu)
        _lower(resource.RLIMIT_MSGQUEUE, 0)
        _lower(resource.RLIMIT_MEMLOCK, 0)
        os.nice(5)  # those who judge go first


def _lower(kind: int, wanted: int) -> None:
    _, hard = resource.getrlimit(kind)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with contextlib.suppress(ValueError, OSError):  # some systems know a limit but refuse to set it
        resource.setrlimit(kind, (allowed, allowed))
