"""The task queue of the judged project: what stands in it, and what comes of running it.

What is queued is read from the queue's file. huey writes pickles; these are read
without importing or calling anything: a task made of plain values is shown, any other value in it
only as what it is.
"""

import contextlib
import datetime
import io
import pickle
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from workbook_site.checking.data import learners
from workbook_site.checking.failure import Failure

if TYPE_CHECKING:
    from workbook_site.checking.patience import Patience

QUEUE = "huey.sqlite3"

UNREADABLE = "A task in the queue can't be read."
UNREADABLE_NUDGE = "Give tasks plain values, such as ids: numbers, text, lists, dicts."


@dataclass(frozen=True)
class Task:
    """A task that waits. `eta`: aware, in UTC; None: as soon as there is a worker."""

    id: str
    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    eta: datetime.datetime | None
    retries: int
    priority: int | None


@dataclass(frozen=True)
class Ran:
    """What came of running a task. `error`: "Type: message"; `retried`: it was put back."""

    name: str
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    result: Any
    error: str | None
    retried: bool


class Tasks:
    """`site.tasks`."""

    def __init__(self, read: Any, patience: "Patience") -> None:
        self._read = read
        self._patience = patience

    async def queued(self) -> list[Task]:
        """The tasks that wait, those due now first, in the order in which they would run."""
        return [Task(**each) for each in await self._read("queued")]

    async def run(self, now: datetime.datetime | None = None) -> list[Ran]:
        """Run what is due at `now` (aware; None: due already), until nothing due is left.

        With `now`, the periodic tasks that are due in that minute are run, too.
        """
        moment = now.astimezone(datetime.UTC).isoformat() if now else None
        told = await self._patience.ask("for its tasks", "run_tasks", now=moment)
        return [_ran(each) for each in told]


def _ran(told: Mapping[str, Any]) -> Ran:
    return Ran(
        name=str(told["name"]),
        args=learners(list(told["args"])),
        kwargs=learners(dict(told["kwargs"])),
        result=learners(told["result"]),
        error=told["error"],
        retried=bool(told["retried"]),
    )


def read(state: Path) -> list[dict[str, Any]]:
    """The tasks that wait, as the arguments of `Task`."""
    file = state / QUEUE
    if not file.exists():
        return []
    with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
        due = database.execute("SELECT data FROM task ORDER BY priority DESC, id").fetchall()
        later = database.execute("SELECT data FROM schedule ORDER BY timestamp, id").fetchall()
    return [asdict(_task(data)) for (data,) in [*due, *later]]


def _task(data: bytes) -> Task:
    try:
        told = _Reader(io.BytesIO(data)).load()
        moment = told[2].replace(tzinfo=datetime.UTC) if told[2] else None
        return Task(
            id=str(told[0]),
            name=str(told[1]),
            eta=moment,
            retries=int(told[3]),
            priority=told[5],
            args=tuple(told[6] or ()),
            kwargs=dict(told[7] or {}),
        )
    except Exception as error:  # a pickle may fail in any way
        raise Failure(UNREADABLE, actual=str(error), nudge=UNREADABLE_NUDGE) from None


class _Message(tuple[Any, ...]):
    """Stands for huey's own named tuple."""

    def __new__(cls, *values: Any) -> "_Message":
        return super().__new__(cls, values)


class _Reader(pickle.Unpickler):
    """Builds plain values only."""

    _known: ClassVar = {
        ("huey.registry", "Message"): _Message,
        ("datetime", "datetime"): datetime.datetime,
        ("datetime", "date"): datetime.date,
        ("datetime", "timedelta"): datetime.timedelta,
        ("datetime", "timezone"): datetime.timezone,
    }

    def find_class(self, module: str, name: str) -> Any:
        """The few classes a queue may hold; anything else is refused."""
        try:
            return self._known[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"It holds a {module}.{name}.") from None
