"""What a judged process is doing at this moment, seen from inside.

A coroutine that waits shows in the loop's timers, or not at all. Threads are told apart by the
innermost line of Python they are in: one that waits for another thread or for a file descriptor
of its own event loop does nothing by itself; one that reads from a network waits for a service;
any other is at work.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import CoroutineType, FrameType
from typing import Any

from workbook_site.judge import mishap, writes
from workbook_site.judge.clock import Clock

# The innermost file of an event loop that waits for something to happen,
_LOOPING = "/selectors.py"
# of a thread that waits for somebody else in this process,
_WAITING = (
    _LOOPING,
    "/threading.py",
    "/queue.py",
    "/concurrent/futures/thread.py",
    "/asgiref/current_thread_executor.py",
)
# and of one that reads an answer from the network.
_READING = ("/socket.py", "/ssl.py", "/http/client.py", "/httpcore/_backends/sync.py")
WATCH = "workbook-watch"


def look(clock: Clock) -> dict[str, Any]:
    """All that the judge needs to know whether anything goes on, seen from the event loop.

    next: virtual seconds to the next timer. ready: callbacks that the loop runs next. working,
    reading: threads. writing: threads that wait before the gate of the databases. running: threads
    that the system runs or will (None: unknown). switches: how often any other thread was given
    the processor. stuck: the event loop stands still (never, where it can look itself). alike: see
    `agent.look`.
    """
    ready = len(asyncio.get_running_loop()._ready)  # type: ignore[attr-defined]
    return {**_seen(clock), "ready": ready, "stuck": False, "alike": 1}


def busy(look: Mapping[str, Any]) -> bool:
    """Does this process do something, or will at once? One that reads may: it is not asked here."""
    return bool(look["ready"] or look["working"] or look["running"])


def stare(clock: Clock) -> dict[str, Any]:
    """The same, seen by the watching thread, while the event loop does not get to look itself."""
    main = threading.main_thread().ident
    innermost = _innermost(sys._current_frames()[main]) if main else ""
    stuck = not innermost.endswith(_LOOPING)
    return {**_seen(clock), "ready": 0, "stuck": stuck, "alike": 1}


def _seen(clock: Clock) -> dict[str, Any]:
    files = [_innermost(frame) for frame in _threads()]
    waiting = sum(file.endswith(_WAITING) for file in files)
    reading = sum(file.endswith(_READING) for file in files)
    running, switches = _system()
    return {
        "now": clock.now,
        "blocked": clock.blocked,
        "next": clock.next(),
        "working": len(files) - waiting - reading,
        "reading": reading,
        "writing": writes.gate.waiting,
        "running": running,
        "switches": switches,
    }


def where(folder: Path) -> list[mishap.Data]:
    """The learner's line in which each waiting coroutine and thread is, if there is one."""
    stacks = [_awaited(task) for task in asyncio.all_tasks()]
    found = [mishap.stack(frame, folder) for frame in _threads()]
    found += [[each for frame in s for each in mishap.stack(frame, folder)[-1:]] for s in stacks]
    return [frames[-1] for frames in found if frames]


def _threads() -> Iterator[FrameType]:
    """The innermost frame of every thread but this one and the judge's own."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    for ident, frame in sys._current_frames().items():
        if ident != threading.get_ident() and names.get(ident) != WATCH:
            yield frame


def _innermost(frame: FrameType) -> str:
    return frame.f_code.co_filename.replace("\\", "/")


def _awaited(task: asyncio.Task[Any]) -> Iterator[FrameType]:
    """The frames of a task's coroutine and of the coroutines that it awaits, outermost first."""
    waiting: Any = task.get_coro()
    while isinstance(waiting, CoroutineType):
        if waiting.cr_frame is not None:
            yield waiting.cr_frame
        waiting = waiting.cr_await


def _system() -> tuple[int | None, int]:
    """What Linux says of this process's other threads; `(None, 0)` elsewhere."""
    try:
        tasks = os.listdir("/proc/self/task")  # noqa: PTH208  # see `_field`
    except OSError:
        return None, 0
    running = switches = 0
    own = str(threading.get_native_id())
    for task in tasks:
        if task != own:
            running += _field(task, "stat", b")", 0) in (b"R", b"D")
            switches += int(_field(task, "schedstat", b"", 2) or 0)
    return running, switches


def _field(task: str, file: str, after: bytes, place: int) -> bytes:
    """One word of a file about a thread; empty when the thread has ended, or there is no such file.

    Read without any comfort: this is asked for hundreds of times in a verdict.
    """
    try:
        descriptor = os.open(f"/proc/self/task/{task}/{file}", os.O_RDONLY)
    except OSError:
        return b""
    try:
        words = os.read(descriptor, 1024).rpartition(after)[2] if after else os.read(descriptor, 99)
        return words.split()[place]
    except (OSError, IndexError):
        return b""
    finally:
        os.close(descriptor)
