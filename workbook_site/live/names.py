"""The names that a cell's code gives at its top level, in the notebook and always fresh.

A reload makes every class of the project anew. A `Post` that the notebook held from before would
be a stranger to the running site, so names are bound again after each load.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath
from types import FunctionType, ModuleType
from typing import Any


def module_of(path: str) -> str | None:
    """`blog/views.py` -> `blog.views`; None for what is no importable module."""
    pure = PurePosixPath(path)
    parts = list(pure.with_suffix("").parts)
    if pure.suffix != ".py" or not all(part.isidentifier() for part in parts):
        return None
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) or None


class Names:
    """What the notebook's namespace holds of the project."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._brought: dict[str, tuple[str, Any]] = {}  # name -> (module, value)
        self._waiting: dict[str, str] = {}  # module -> the cell's code

    def bring(self, body: str, module: str) -> None:
        """Bind what `body` binds at its top level, as it is in the module; once that is loaded."""
        self._waiting[module] = body
        self.refresh(set())

    def refresh(self, own: set[str]) -> None:
        """After a load: bind what waited for it, and anew what came from the modules in `own`."""
        for module in [each for each in self._waiting if each in sys.modules]:
            self._bind(self._waiting.pop(module), module)
        for name, (module, value) in list(self._brought.items()):
            if self._namespace.get(name) is value:
                self._rebind(name, module, name)
        for name, value in list(self._namespace.items()):
            found = _source(value)
            # IPython keeps earlier outputs as _1, _2: what was shown stays what it was.
            if found is not None and found[0] in own and not name.startswith("_"):
                self._rebind(name, *found)

    def _bind(self, body: str, module: str) -> None:
        loaded = vars(sys.modules[module])
        for name in set(_given(ast.parse(body).body)) & loaded.keys():
            self._namespace[name] = loaded[name]
            self._brought[name] = module, loaded[name]

    def _rebind(self, name: str, module: str, attribute: str) -> None:
        loaded = sys.modules.get(module)
        if not attribute:
            self._namespace[name] = loaded
        elif loaded is not None and attribute in vars(loaded):
            self._namespace[name] = vars(loaded)[attribute]
            if name in self._brought:
                self._brought[name] = module, self._namespace[name]


def _source(value: Any) -> tuple[str, str] | None:
    """Module and name that a class, a function or a module says it comes from."""
    if isinstance(value, ModuleType):
        return value.__name__, ""
    if isinstance(value, type | FunctionType):
        return value.__module__, value.__qualname__
    return None


def _given(statements: list[ast.stmt]) -> Iterator[str]:
    for statement in statements:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement.name
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in statement.names)
        else:
            yield from _inside(statement)


def _inside(statement: ast.stmt) -> Iterator[str]:
    """Names that a plain statement assigns, and those in the blocks of an `if`, `try` or `with`."""
    for node in ast.iter_child_nodes(statement):
        if isinstance(node, ast.stmt):
            yield from _given([node])
        elif isinstance(node, ast.ExceptHandler):
            yield from _given(node.body)
        else:
            yield from _stored(node)


def _stored(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id
