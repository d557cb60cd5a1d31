"""Python's garbage collector, kept away from what is loaded to stay. Standard library only."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Inside this block libraries are loaded, and nothing that is to be thrown away.

    Nothing of that is garbage; the collector, which would look for some again and again, takes a
    fifth of the time meanwhile, and would go through all of it ever after.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if before:
            gc.enable()
