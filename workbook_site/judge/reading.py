"""What the judge reads of what a project wrote: rows, mails, the queue; and putting all back.

Where the judged code is the reader's own (`Here`), the judge opens the files itself. Behind a
sandbox it has them read in the answer's room (`Inside`): a file of a stranger may be made to harm
whoever opens it.
"""

import asyncio
import contextlib
import json
import socket
from pathlib import Path
from typing import Any, Protocol

from workbook_site.checking.data import parse
from workbook_site.checking.failure import Failure
from workbook_site.judge import plain, written

LINE = 8 * 1024 * 1024 + 1024
NO_READER = "Your code has ended the process that reads what your project wrote."


class Reading(Protocol):
    """Whoever reads."""

    async def read(self, what: str, **told: Any) -> Any:
        """Read. Raises `Failure`."""

    async def close(self) -> None:
        """Read no more."""


class Here:
    """Reads in this process."""

    def __init__(self, state: Path, template: Path | None) -> None:
        self._state, self._template = state, template

    async def read(self, what: str, **told: Any) -> Any:
        """Read. Raises `Failure`."""
        return await asyncio.to_thread(written.read, what, self._state, self._template, told)

    async def close(self) -> None:
        """Nothing to let go."""


class Inside:
    """Has the answer's room read. `over`: what the answer had too much of, empty for nothing."""

    def __init__(self, line: socket.socket) -> None:
        self.over = ""
        self._socket = line
        self._count = 0
        self._asked: dict[int, asyncio.Future[Any]] = {}

    async def open(self, files: bytes) -> socket.socket:
        """Have the room furnished with these files (`folders.packed`) and wait for it; the socket
        on which the upstream is to listen. Raises `ConnectionError` when there will be none.
        """
        self._socket.setblocking(False)
        told = len(files).to_bytes(8, "big") + files
        with contextlib.suppress(ConnectionError):  # then it says why
            await asyncio.get_running_loop().sock_sendall(self._socket, told)
        upstream = await _receive_socket(self._socket)
        reader, self._writer = await asyncio.open_unix_connection(sock=self._socket, limit=LINE)
        self._listening = asyncio.create_task(self._listen(reader))
        return upstream

    async def read(self, what: str, **told: Any) -> Any:
        """Read. Raises `Failure`."""
        if self._listening.done():
            raise Failure(NO_READER)
        self._count += 1
        answer = self._asked[self._count] = asyncio.get_running_loop().create_future()
        asked = {"id": self._count, "read": what, "told": plain.pack(told)}
        self._writer.write(json.dumps(asked).encode() + b"\n")
        return plain.unpack(await answer)

    async def close(self) -> None:
        """Read no more; returns when all that the room said was heard."""
        if not hasattr(self, "_writer"):
            return self._socket.close()
        await asyncio.gather(self._listening, return_exceptions=True)
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def ended(self) -> None:
        """Wait until the room says no more."""
        await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                self._take(parse(line))
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            pass  # whoever took the reader over gets nothing of it
        finally:
            for answer in self._asked.values():
                if not answer.done():
                    answer.set_exception(Failure(NO_READER))
                    answer.exception()

    def _take(self, told: dict[str, Any]) -> None:
        if "over" in told:
            self.over = str(told["over"])
            return
        answer = self._asked.pop(told["id"])
        if answer.done():
            return
        if "failure" in told:
            answer.set_exception(Failure(**{k: v and str(v) for k, v in told["failure"].items()}))
        else:
            answer.set_result(told["value"])


def _settle(readable: asyncio.Future[None]) -> None:
    if not readable.done():
        readable.set_result(None)


async def _receive_socket(line: socket.socket) -> socket.socket:
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[None] = loop.create_future()
    loop.add_reader(line, _settle, readable)
    try:
        await readable
    finally:
        loop.remove_reader(line)
    said, descriptors, _, _ = socket.recv_fds(line, 4096, 1)
    if not descriptors:
        raise ConnectionError(said.decode("utf-8", "replace"))
    return socket.socket(fileno=descriptors[0])
