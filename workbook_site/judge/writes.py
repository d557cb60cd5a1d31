"""A gate before the databases: whoever wants to write waits until everybody has read.

Requests that come at the same moment race: which of them reads before which writes is luck, and a
check must not depend on it. With the gate closed, every write, and every transaction, waits until
the process does nothing else; then all go on together. An answer that reads, decides and writes
in three steps is found out each time.

Other processes of the project know nothing of this one's gate: what is done for them goes past it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.utils import CursorWrapper

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "BEGIN")


class Gate:
    """Open until `close`. `waiting` threads stand before it; `let_go` lets those pass."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._closed = self._built = False
        self._round = 0
        self._past = threading.local()
        self.waiting = 0

    def close(self) -> None:
        """From now on, writes wait."""
        self._build()
        self._closed = True

    def open(self) -> None:
        """Nobody waits any more."""
        self._closed = False
        self.let_go()

    @contextmanager
    def past(self) -> Iterator[None]:
        """In this thread, inside the block, nobody waits."""
        self._past.on = True
        try:
            yield
        finally:
            self._past.on = False

    def let_go(self) -> None:
        """Let pass whoever waits at this moment."""
        with self._changed:
            self._round += 1
            self._changed.notify_all()

    def _build(self) -> None:
        if not self._built:
            self._built = True
            for name in ("execute", "executemany"):
                setattr(CursorWrapper, name, self._gated(getattr(CursorWrapper, name)))

    def _gated(self, execute: Callable[..., Any]) -> Callable[..., Any]:
        def gated(cursor: CursorWrapper, sql: Any, *args: Any, **kwargs: Any) -> Any:
            past = getattr(self._past, "on", False)
            if self._closed and not past and _takes_the_lock(cursor, str(sql)):
                self._wait()
            return execute(cursor, sql, *args, **kwargs)

        return gated

    def _wait(self) -> None:
        with self._changed:
            mine = self._round
            self.waiting += 1
            self._changed.wait_for(lambda: self._round != mine)
            self.waiting -= 1


gate = Gate()


def _takes_the_lock(cursor: CursorWrapper, sql: str) -> bool:
    """Inside a transaction the lock is taken already, and others wait for it: go on."""
    return sql.lstrip().upper().startswith(_WRITES) and not cursor.db.in_atomic_block
