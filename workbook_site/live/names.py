"""The names that a cell's code gives at its top level, brought into the notebook."""

import ast
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath
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


def bring(body: str, module: str, namespace: dict[str, Any]) -> None:
    """Bind in `namespace` what `body` binds at its top level, as it is in the loaded module."""
    loaded = vars(sys.modules[module])
    for name in set(_given(ast.parse(body).body)):
        if name in loaded:
            namespace[name] = loaded[name]


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
