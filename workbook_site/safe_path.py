"""Our own imports are not to be answered by a file of the learner's. Standard library only.

A notebook's folder stands first on Python's path. A `random.py` or `httpx.py` that a learner saved
beside the notebook would be taken for the library of that name, by every library that wants it.
"""

import contextlib
import os
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def without_the_folder_we_stand_in() -> Iterator[None]:
    """Inside this block nothing is imported from the current folder. It is no place for a load."""
    before = list(sys.path)
    try:
        here = {"", os.getcwd()}  # noqa: PTH109 - as the path has it
    except FileNotFoundError:  # it was deleted
        here = {""}
    sys.path[:] = [entry for entry in before if entry not in here]
    try:
        yield
    finally:
        sys.path[:] = before
