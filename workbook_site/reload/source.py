"""Import a project's files from their source, never from a bytecode cache.

Python trusts a `.pyc` whose source has the same size and the same second of change. Two saves
within a second can so bring back the first one. Files of the project are therefore compiled from
what is on disk; the compiled code is kept by content, so that an unchanged file costs nothing.
"""

import linecache
import os
import sys
from collections.abc import Callable
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, ExtensionFileLoader, FileFinder
from importlib.machinery import SourceFileLoader as _SourceFileLoader
from pathlib import Path
from types import CodeType

Hook = Callable[[str], FileFinder]

# Path -> (source, code). One entry a file, so it can't grow past the project.
_compiled: dict[str, tuple[bytes, CodeType]] = {}
_hooks: dict[Path, Hook] = {}


class FreshLoader(_SourceFileLoader):
    """Loads a module from its source as it is now."""

    def get_code(self, fullname: str) -> CodeType:
        """The module's code, compiled unless this very text was compiled before."""
        path = self.get_filename(fullname)
        text = self.get_data(path)
        known = _compiled.get(path)
        if known is not None and known[0] == text:
            return known[1]
        code: CodeType = self.source_to_code(text, path)
        _compiled[path] = (text, code)
        return code


def serve(folder: Path) -> None:
    """Make the modules in `folder` importable, before all others and always fresh."""
    if folder not in _hooks:
        _hooks[folder] = _hook(folder)
        sys.path_hooks.insert(0, _hooks[folder])
        _forget_finders(folder)
    if sys.path[:1] != [str(folder)]:
        sys.path[:] = [str(folder), *(entry for entry in sys.path if entry != str(folder))]


def forget(folder: Path) -> None:
    """Take back what `serve` did."""
    hook = _hooks.pop(folder, None)
    if hook is not None:
        sys.path_hooks.remove(hook)
    sys.path[:] = [entry for entry in sys.path if entry != str(folder)]
    _forget_finders(folder)


def refresh(folder: Path) -> None:
    """New files are seen by `import`, and tracebacks show the lines as they are now."""
    for path in _finders(folder):
        finder = sys.path_importer_cache[path]
        if isinstance(finder, FileFinder):
            finder.invalidate_caches()
    prefix = str(folder) + os.sep
    for filename in [name for name in linecache.cache if name.startswith(prefix)]:
        del linecache.cache[filename]


def _hook(folder: Path) -> Hook:
    """A path hook that answers for folders of this project alone."""

    def finder(path: str) -> FileFinder:
        if not Path(path).is_relative_to(folder):
            raise ImportError(path)
        return FileFinder(
            path, (ExtensionFileLoader, EXTENSION_SUFFIXES), (FreshLoader, SOURCE_SUFFIXES)
        )

    return finder


def _forget_finders(folder: Path) -> None:
    for path in _finders(folder):
        del sys.path_importer_cache[path]


def _finders(folder: Path) -> list[str]:
    """The folders of the project that the import system has looked into."""
    root, prefix = str(folder), str(folder) + os.sep
    return [
        path for path in list(sys.path_importer_cache) if path == root or path.startswith(prefix)
    ]
