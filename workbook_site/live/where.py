"""Where a request is at this moment, in the learner's own code."""

import asyncio
import linecache
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from workbook_site.live.door import Request
from workbook_site.live.server import Server
from workbook_site.reload.error import inside


@dataclass(frozen=True)
class Place:
    """A line of the learner's project: `file` is relative to the project's folder."""

    file: str
    line: int
    function: str
    code: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} in {self.function}: {self.code}"


def of_request(request: Request, server: Server, folder: Path) -> Place | None:
    """The innermost line of the project that the request waits or works at, if any is known.

    Looks at the request's tasks (async code), at what blocks the loop, then at the threads of
    synchronous views.
    """
    blocking = innermost(server.frame(), folder)
    if blocking is not None:
        return blocking
    for task in reversed(server.tasks_of(request)):
        place = _deepest(_awaiting(task.get_coro()), folder)
        if place is not None:
            return place
    return _in_threads(request, folder)


def innermost(frame: FrameType | None, folder: Path) -> Place | None:
    """The innermost frame of a running stack that lies in the project."""
    for each in _outwards(frame):
        if inside(each.f_code.co_filename, folder):
            return _place(each, each.f_lineno, folder)
    return None


def runs(frame: FrameType | None, function: Callable[..., Any]) -> bool:
    """Is this function, or coroutine function, somewhere on a running stack?"""
    return any(each.f_code is function.__code__ for each in _outwards(frame))


def _in_threads(request: Request, folder: Path) -> Place | None:
    """A synchronous view runs in a thread; its Django request knows the path."""
    frames = sys._current_frames()
    main = threading.main_thread().ident
    for ident, frame in frames.items():
        if ident != main and _works_for(request, frame):
            place = innermost(frame, folder)
            if place is not None:
                return place
    return None


def _works_for(request: Request, frame: FrameType) -> bool:
    path = request.path.partition("?")[0]
    return any(
        getattr(each.f_locals.get("request"), "path", None) == path for each in _outwards(frame)
    )


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _awaiting(awaitable: Any) -> Iterator[FrameType]:
    """The frames of a suspended coroutine and of all that it awaits, outermost first."""
    while awaitable is not None:
        for kind in ("cr", "gi", "ag"):
            frame = getattr(awaitable, f"{kind}_frame", None)
            if frame is not None:
                yield frame
                break
        awaitable = _awaited_by(awaitable)


def _awaited_by(awaitable: Any) -> Any:
    if isinstance(awaitable, asyncio.Task):
        return awaitable.get_coro()
    for name in ("cr_await", "gi_yieldfrom", "ag_await"):
        found = getattr(awaitable, name, None)
        if found is not None:
            return found
    return None


def _deepest(frames: Iterator[FrameType], folder: Path) -> Place | None:
    found = None
    for frame in frames:
        if inside(frame.f_code.co_filename, folder):
            found = _place(frame, frame.f_lineno, folder)
    return found


def _place(frame: FrameType, line: int, folder: Path) -> Place:
    filename = frame.f_code.co_filename
    return Place(
        file=Path(filename).relative_to(folder).as_posix(),
        line=line,
        function=frame.f_code.co_name,
        code=linecache.getline(filename, line).strip(),
    )
