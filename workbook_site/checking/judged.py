"""What the checks need of a judged process, and how its own exceptions become failures."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from workbook_site.checking import nudges
from workbook_site.checking.failure import Failure

RAISED = "Your code raised {error}"
AT = "{file}, line {line}: {source}"
# Whatever comes over the line was written next to code that is judged: it is cut before use.
LONGEST = 8_000

# Asks what the learner's code raised while it served one connection, if it did.
Mishap = Callable[[], Awaitable[Mapping[str, Any] | None]]


class Gone(Failure):
    """The judged process is no more. `ours`: it was no doing of the judged code."""

    def __init__(
        self,
        message: str,
        *,
        actual: str | None = None,
        nudge: str = "",
        traceback: str = "",
        ours: bool = False,
    ) -> None:
        super().__init__(message, actual=actual, nudge=nudge, traceback=traceback)
        self.ours = ours


class Judged(Protocol):
    """A process that serves the judged project.

    address: the Unix socket of its web server. gone: done when it has ended. now, blocked: its
    virtual time, in seconds, as its last answer told it; see `judge.clock`.
    """

    address: Path
    now: float
    blocked: float
    gone: "asyncio.Future[Gone]"

    async def ask(self, verb: str, **arguments: Any) -> Any:
        """Have it do something. Raises `Failure` for what the learner's code raises, or `Gone`."""

    def source(self, path: str) -> str:
        """The text of a file. Raises `LookupError`, `OSError` or `ValueError` without one."""

    async def read(self, what: str, **told: Any) -> Any:
        """Read what it wrote, without its help: "rows", "outbox" or "queued". Raises `Failure`."""

    async def watch(self, verb: str, **arguments: Any) -> dict[str, Any]:
        """Ask the thread that watches, even while the event loop is stuck. Raises `Gone`."""


def explain(mishap: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of a `Failure` for an exception of the learner's, told by the judged process."""
    message = _text(mishap["message"])
    error = f"{_text(mishap['type'])}: {message}" if message else _text(mishap["type"])
    frames = list(mishap["frames"])
    return {
        "message": RAISED.format(error=error),
        "actual": at(frames[-1]) if frames else None,
        "nudge": nudges.nudge(error) if frames else nudges.of_django(error),
        "traceback": _text(mishap["text"]),
    }


def at(frame: Mapping[str, Any]) -> str:
    """A place in the learner's code, in one line."""
    told = {name: _text(frame[name]) for name in ("file", "line", "source")}
    return AT.format(**told)


def _text(value: Any) -> str:
    return str(value)[:LONGEST]
