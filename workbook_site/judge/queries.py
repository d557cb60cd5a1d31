"""What the project asks its databases while it serves a request.

Django's own seam, `connection.execute_wrapper`, reaches the connections of one thread only, and a
request may use several. So the cursor itself tells, and a context variable says for which request:
it goes along into tasks and into the threads of `sync_to_async`.
"""

import contextvars
from collections.abc import Callable
from typing import Any

from django.db.backends.utils import CursorWrapper

# Statements kept for one request, and characters of one statement.
MOST, LONGEST = 500, 400
# What begins and ends transactions asks nothing.
_FRAMES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")

_asked: contextvars.ContextVar[list[str] | None] = contextvars.ContextVar(
    "judge_asked", default=None
)


def begin() -> list[str]:
    """What is asked from now on in this context, and in all that it starts: it grows."""
    asked: list[str] = []
    _asked.set(asked)
    return asked


def listen() -> None:
    """From now on, note every statement."""
    for name in ("execute", "executemany"):
        setattr(CursorWrapper, name, _noting(getattr(CursorWrapper, name)))


def _noting(execute: Callable[..., Any]) -> Callable[..., Any]:
    def noting(cursor: CursorWrapper, sql: Any, *args: Any, **kwargs: Any) -> Any:
        _note(str(sql))
        return execute(cursor, sql, *args, **kwargs)

    return noting


def _note(sql: str) -> None:
    asked = _asked.get()
    if asked is None or len(asked) >= MOST or sql.lstrip().upper().startswith(_FRAMES):
        return
    asked.append(sql[:LONGEST])
