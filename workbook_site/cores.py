"""How many processors this program may use: fewer than the machine has, in some containers."""

import os


def cores() -> int:
    """At least one."""
    own = hasattr(os, "sched_getaffinity")
    return len(os.sched_getaffinity(0)) if own else os.cpu_count() or 1
