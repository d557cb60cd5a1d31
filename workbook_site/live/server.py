"""A real uvicorn in a thread of the kernel, on a free port of 127.0.0.1.

The thread has an event loop of its own, so that a view never runs in the notebook's loop and a
blocked cell never blocks the site. The notebook can hold that loop still for a moment, and can
break it free, or leave it behind, when a view blocks it for good.
"""

import asyncio
import ctypes
import logging
import socket
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, TypeVar

import uvicorn

from workbook_site.live.door import Request, current_request

T = TypeVar("T")

# Seconds. How long the loop may take to come to a halt before a view is said to block it, how long
# it gets to recover once that view was broken off, and how long the server may take to start.
PATIENCE = 2.0
RECOVERY = 0.5
START = 10.0


class Hung(RuntimeError):
    """The server's loop doesn't turn: something blocks its thread. `frame` is where."""

    def __init__(self, frame: FrameType | None) -> None:
        super().__init__("The site's event loop is blocked.")
        self.frame = frame


class Broken(BaseException):
    """Raised inside a view that blocks the loop, to set the loop free. Not an Exception, so that
    neither the view nor Django's error handling takes it for one of their own."""


class Server:
    """Serves an ASGI application at `url` until `stop`, or until the kernel ends."""

    def __init__(self, application: Callable[..., Any], listening: socket.socket) -> None:
        self.application = application
        self.port: int = listening.getsockname()[1]
        self._socket = listening

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve in a new thread; returns when it answers."""
        self._run = _Run(self.application, self._socket)
        self._run.start()

    def stop(self) -> None:
        """Give up the port and end the thread, as soon as the loop turns."""
        self._run.give_up()
        self._socket.close()

    def restart(self) -> bool:
        """Leave a blocked loop behind, and serve on the same port in a new thread.

        True when that port was taken meanwhile, so that the site has moved to another.
        """
        self.stop()
        self._run.hang_up()
        try:
            self._socket, moved = listen(self.port), False
        except OSError:
            self._socket, moved = listen(), True
        self.port = self._socket.getsockname()[1]
        self.start()
        return moved

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop that serves now."""
        return self._run.loop

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> "Future[T]":
        """Run a coroutine in the server's loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._run.loop)

    @contextmanager
    def held_still(self, patience: float = PATIENCE) -> Iterator[None]:
        """Nothing runs in the server's loop inside this block.

        Raises `Hung` when the loop doesn't come to a halt within `patience` seconds.
        """
        halted, go_on = threading.Event(), threading.Event()

        def halt() -> None:
            halted.set()
            go_on.wait()

        self._run.loop.call_soon_threadsafe(halt)
        try:
            if not halted.wait(patience):
                raise Hung(self.frame())
            yield
        finally:
            go_on.set()

    def frame(self) -> FrameType | None:
        """The frame that the loop's thread runs at this moment."""
        return sys._current_frames().get(self._run.thread.ident or 0)

    def break_free(self) -> bool:
        """Raise `Broken` in whatever blocks the loop; True when the loop turns again.

        It ends a loop in Python code. A single call that never returns, such as a long sleep,
        can't be ended from outside.
        """
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(self._run.thread.ident or 0), ctypes.py_object(Broken)
        )
        turned = threading.Event()
        with suppress(RuntimeError):  # the loop may have been ended by it
            self._run.loop.call_soon_threadsafe(turned.set)
        return turned.wait(RECOVERY) and self._run.thread.is_alive()

    def tasks_of(self, request: Request) -> list["asyncio.Task[Any]"]:
        """The unfinished tasks that work for a request, the one at the door first."""
        owned = [task for task, its in list(self._run.owners.items()) if its is request]
        at_the_door = [request.task] if request.task else []
        return [task for task in at_the_door + owned if not task.done()]


class _Run:
    """One thread with its loop and its uvicorn."""

    def __init__(self, application: Callable[..., Any], listening: socket.socket) -> None:
        self.loop = asyncio.new_event_loop()
        # Which request a task works for: Django serves each one in tasks of its own.
        self.owners: weakref.WeakKeyDictionary[asyncio.Task[Any], Request] = (
            weakref.WeakKeyDictionary()
        )
        self.loop.set_task_factory(self._make_task)
        self._socket = listening
        self._started = threading.Event()
        self._server = uvicorn.Server(
            # The door speaks the lifespan protocol with each application that it lets in.
            uvicorn.Config(application, lifespan="off", log_config=None, access_log=False)
        )
        self._server.force_exit = True  # at the end, wait for no open connection
        self.thread = threading.Thread(target=self._serve, name="live site", daemon=True)

    def start(self) -> None:
        self.thread.start()
        if not self._started.wait(START):
            raise Hung(sys._current_frames().get(self.thread.ident or 0))

    def give_up(self) -> None:
        self._server.should_exit = True

    def hang_up(self) -> None:
        """End the open connections from outside the loop, so that no client waits for it."""
        for connection in list(self._server.server_state.connections):
            transport: Any = getattr(connection, "transport", None)
            with suppress(OSError):
                transport.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(self._announced())
        except (Broken, OSError):
            # Broken off, or its socket was closed: the server was left behind, or runs anew.
            logging.getLogger(__name__).debug("The live site's loop ended", exc_info=True)

    async def _announced(self) -> None:
        self.loop.call_soon(self._watch_start)
        await self._server.serve(sockets=[self._socket])

    def _watch_start(self) -> None:
        if self._server.started:
            self._started.set()
        else:
            self.loop.call_soon(self._watch_start)

    def _make_task(
        self, loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any
    ) -> "asyncio.Task[Any]":
        task = asyncio.Task(coroutine, loop=loop, **options)
        context = options.get("context")
        request = context.get(current_request) if context else current_request.get()
        if request is not None:
            self.owners[task] = request
        return task


def listen(port: int = 0) -> socket.socket:
    """A socket that is bound to 127.0.0.1; 0 is any free port."""
    # With the protocol named: asyncio sends small packets at once only on sockets that say TCP.
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(("127.0.0.1", port))
    except OSError:
        found.close()
        raise
    found.set_inheritable(False)
    return found
