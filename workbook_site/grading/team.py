"""Workers as child processes of a command: bound to it, replaced when they die."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from workbook_site import deployment, places
from workbook_site.services import process

# So many deaths in a row, with nothing graded in between, are no accident.
DEATHS = 20

# So many workers share a process and its warm host, which saves the machine their start and their
# memory. More would wait for each other: the process itself uses one core.
TOGETHER = 2

# Seconds that a worker has to finish what it is at.
GRACE = 30.0

LOST = """\
The workers end again and again ({how}). What the last one said:
{log}"""


class WorkersLost(RuntimeError):
    """No worker stays alive; the message says what the last one said."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class Team:
    """`count` workers in as few processes, from `with` on until its end. If the owner is killed, so
    are they.

    `sandbox=False` judges without one. `chapters`: words for those that are likely to come.
    """

    def __init__(
        self,
        count: int,
        *,
        sandbox: bool = True,
        gradebook: Path | None = None,
        chapters: Sequence[str] = (),
    ) -> None:
        self._lanes = _shared(count)
        folder = gradebook or deployment.gradebook()
        options = [] if sandbox else ["--no-sandbox"]
        options += [word for chapter in chapters for word in ("--likely", chapter)]
        self._argv = [sys.executable, "-P", "-m", "workbook_site.inside", "worker", "--quiet",
                      "--gradebook", str(folder), *options]  # fmt: skip
        self._children: list[process.Child] = []
        self._deaths = 0

    def start(self) -> None:
        """Have them come. In `with`, for the one who has not done so before. Raises `OSError`."""
        if not self._children:
            self._children += [self._start(lanes) for lanes in self._lanes]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.dismiss()  # all at once, then one after the other
        for child in self._children:
            child.stop()

    def dismiss(self, *, idle: bool = False) -> None:
        """Have them end; what was begun is finished. `idle`: nothing can have been begun."""
        for child in self._children:
            child.signal(signal.SIGKILL if idle else signal.SIGTERM)

    @property
    def pids(self) -> list[int]:
        """The process ids."""
        return [child.pid for child in self._children if child.running]

    def tend(self, *, progress: bool = False) -> None:
        """Replace workers that died. Call it now and then; `progress`: something was graded since.

        Raises `WorkersLost`.
        """
        if progress:
            self._deaths = 0
        for place, child in enumerate(self._children):
            if not child.running:
                self._deaths += 1
                self._check(child)
                child.stop()
                self._children[place] = self._start(self._lanes[place])

    def _check(self, child: process.Child) -> None:
        code = child.returncode or 0
        # One that says why it can't work says so with an exit code; only others are replaced.
        if code > 0 or self._deaths > DEATHS:
            how = f"exit code {code}" if code >= 0 else f"signal {-code}"
            raise WorkersLost(LOST.format(how=how, log=child.log(15)), code)

    def _start(self, lanes: int) -> process.Child:
        # -P: the folder we stand in may hold a workbook_site of its own.
        path = os.pathsep.join(filter(None, [str(places.CHECKOUT), os.environ.get("PYTHONPATH")]))
        env = os.environ | {"PYTHONPATH": path}
        argv = [*self._argv, "--at-once", str(lanes)]
        return process.start(argv, name="worker", wait=False, env=env, grace=GRACE)


def _shared(count: int) -> list[int]:
    """How many submissions each process has in work: as few processes as can be, and as even.

    A worker is there to keep a core busy, and has one submission in work. Where two share a process
    each has one more: making and clearing rooms waits for the kernel now and then.

    >>> _shared(1), _shared(2), _shared(5)
    ([1], [4], [4, 4, 1])
    """
    pairs, single = divmod(count, TOGETHER)
    return [2 * TOGETHER] * pairs + [1] * single
