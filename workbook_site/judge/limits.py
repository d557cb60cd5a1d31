"""What a judged process may use. These bound accidents; a sandbox for strangers is another part."""

import contextlib
import resource
from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds for one answer.

    check, wall: real seconds for one check and for the whole answer. These are the last safety
    bounds: no check is about them, and one that is hung up by them costs a life.
    printed: bytes that it may print. memory: bytes of data. file: bytes of one file that it
    writes. lives: how many processes it may lose (by dying or hanging) before the rest of its
    checks is left untried.
    """

    check: float = 10.0
    wall: float = 40.0
    printed: int = MB
    memory: int = 2048 * MB
    file: int = 256 * MB
    lives: int = 2

    def apply(self) -> None:
        """Bind the calling process, and all that it starts, for good."""
        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_DATA, self.memory)
        _lower(resource.RLIMIT_FSIZE, self.file)


def _lower(kind: int, wanted: int) -> None:
    _, hard = resource.getrlimit(kind)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with contextlib.suppress(ValueError, OSError):  # some systems know a limit but refuse to set it
        resource.setrlimit(kind, (allowed, allowed))
