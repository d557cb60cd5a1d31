"""Files of the project that bear the name of a library, and so take its place."""

import functools
import sys
import sysconfig
from collections.abc import Iterable
from importlib.machinery import PathFinder
from pathlib import Path

TOLD = """\
{files} of your project: {names} is also what a library is called. Whatever wants the library
gets your file in its place, and breaks. Give yours another name."""

# Everybody calls theirs so, and nobody wants Python's.
HARMLESS = {"test", "tests"}


def sentence(folder: Path, paths: Iterable[str] | None = None) -> str:
    """What to say of the project in `folder`, or of some files in it; empty if all is well."""
    found = sorted(_names(folder) if paths is None else {_name(path) for path in paths})
    shadows = {name: _file(folder, name) for name in found if name and _is_taken(name)}
    files = ", ".join(shadows.values())
    return TOLD.format(files=files, names=" and ".join(shadows)) if shadows else ""


def _names(folder: Path) -> set[str]:
    files = {path.stem for path in folder.glob("*.py")}
    return files | {path.parent.name for path in folder.glob("*/__init__.py")}


def _name(path: str) -> str:
    """The module that a path begins with; nothing for a file of a package's inside."""
    pure = Path(path)
    if len(pure.parts) == 1:
        return pure.stem if pure.suffix == ".py" else ""
    return pure.parts[0] if pure.parts[1:] == ("__init__.py",) else ""


def _file(folder: Path, name: str) -> str:
    return f"{name}/" if (folder / name).is_dir() else f"{name}.py"


@functools.cache
def _is_taken(name: str) -> bool:
    if name in HARMLESS:
        return False
    libraries = [sysconfig.get_path(kind) for kind in ("purelib", "platlib")]
    return name in sys.stdlib_module_names or PathFinder.find_spec(name, libraries) is not None
