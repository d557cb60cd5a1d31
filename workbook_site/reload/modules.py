"""The modules that a project brought into the process."""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

Undo = Callable[[], None]

# Libraries that read the settings once, when they are imported: they go with the project.
BOUND_TO_SETTINGS = ("huey.contrib.djhuey",)


def of(folder: Path) -> set[str]:
    """Names of the loaded modules whose file, or whose package's folder, lies in `folder`."""
    prefix = str(folder) + os.sep
    found = set()
    for name, module in list(sys.modules.items()):
        filename = _told(module, "__file__")
        # A folder without an __init__.py is a package without a file.
        if filename.startswith(prefix) if filename else _has_path_in(module, prefix):
            found.add(name)
    return found


def below(packages: Iterable[str]) -> set[str]:
    """Names of these packages and of all loaded modules in them."""
    roots = tuple(name for name in packages if name in sys.modules)
    if not roots:
        return set()
    prefixes = tuple(f"{root}." for root in roots)
    return {name for name in sys.modules if name in roots or name.startswith(prefixes)}


def set_aside(names: Iterable[str], folder: Path | None) -> Undo:
    """Drop modules by name; the answer puts them back, in place of what `folder` has now."""
    dropped = {name: sys.modules[name] for name in sorted(names) if name in sys.modules}
    _remove(dropped)

    def put_back() -> None:
        _remove(of(folder) if folder else ())
        for name, module in dropped.items():
            sys.modules[name] = module
            _hang_on_parent(name, module)

    return put_back


def _has_path_in(module: ModuleType | None, prefix: str) -> bool:
    return any(str(path).startswith(prefix) for path in _told(module, "__path__") or ())


def _told(module: ModuleType | None, name: str) -> Any:
    """An attribute of a module, without waking one that loads itself when it is first asked.

    Twisted's libraries have such a module for numpy, which takes longer than all the rest.
    """
    try:
        return object.__getattribute__(module, "__dict__").get(name)
    except AttributeError:  # None, or whatever else a library put in place of a module
        return None


def _remove(names: Iterable[str]) -> None:
    for name in list(names):
        sys.modules.pop(name, None)


def _hang_on_parent(name: str, module: ModuleType) -> None:
    """`import a.b` binds b in a; whoever reads `a.b` must find the module of sys.modules."""
    parent, _, child = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], child, module)
