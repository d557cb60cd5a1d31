"""Hides modules from a library that would load all it finds: a command line's, a database's."""

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# httpx's command line, which nobody asks for: it loads click, rich and pygments, which take as long
# as all the rest of httpx.
HTTPX_COMMAND = "httpx._main"
# Whoever reads a notebook, or starts Lab, loads jsonschema, and this with it where it is installed.
# It compiles a grammar of all addresses there may be, which takes longer than all the rest, for a
# kind of address that no notebook has.
ADDRESSES = "rfc3987_syntax"
# httpx asks for it at each new connection; where it is missing, the disk is searched each time.
ASKED_FOR_AGAIN = "sniffio"


@contextmanager
def hidden(*names: str) -> Iterator[None]:
    """Inside the block these modules can't be imported; those that are loaded already stay."""
    modules: dict[str, Any] = sys.modules
    absent = [name for name in names if name not in modules]
    modules.update(dict.fromkeys(absent))  # None is Python's own word for "there is none"
    try:
        yield
    finally:
        for name in absent:
            del modules[name]


def hide(*names: str) -> None:
    """In this process these can't be imported from now on, unless they are loaded already."""
    modules: dict[str, Any] = sys.modules
    for name in names:
        modules.setdefault(name, None)


def settle(name: str) -> None:
    """Where this module is missing, nobody in this process searches for it again."""
    if name not in sys.modules and importlib.util.find_spec(name) is None:
        hide(name)
