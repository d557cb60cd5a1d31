"""`site.socket`: a WebSocket to the judged project."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Self

from workbook_site.checking import client
from workbook_site.checking.data import learners, parse
from workbook_site.checking.failure import Failure
from workbook_site.checking.judged import Mishap, explain
from workbook_site.checking.patience import Waiting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from websockets.asyncio.client import ClientConnection

    from workbook_site.checking.patience import Patience

REFUSED = "The WebSocket {path} was refused (HTTP {code})."
REFUSED_NUDGE = "Is {path} in your websocket_urlpatterns, and does the consumer accept?"
SILENT = "No message came over {path}, and none will: your project has nothing left to do."
SILENT_NUDGE = "Which line sends that message, to whom, and does the program get there?"
CLOSED = "The WebSocket {path} was closed (code {code}), where {what} was due."
NOT_JSON = "A message that is not JSON came over the WebSocket."
CAME = "A message came over the WebSocket, where none was due."
NOT_CLOSED = "The WebSocket {path} sent a message, where it was to be closed."


class Socket:
    """One WebSocket. `code` is 101, or the HTTP status with which the handshake was refused.

    `others` asks what was raised while any of the check's other sockets was served, `raised` is
    what was raised in the handshake.
    """

    def __init__(
        self,
        path: str,
        patience: Patience,
        mishap: Mishap,
        others: Mishap,
        connection: ClientConnection | None,
        code: int = 101,
        raised: Mapping[str, Any] | None = None,
    ) -> None:
        self.path, self.code = path, code
        self._mishap, self._others, self._raised = mishap, others, raised
        self._patience = patience
        self._connection = connection
        self._next: asyncio.Task[str | None] | None = None

    @property
    def rejected(self) -> bool:
        """Was the handshake refused?"""
        return self._connection is None

    def accepted(self) -> Self:
        """The handshake was not refused."""
        self._open()
        return self

    async def send(self, data: Any) -> None:
        """Send data as JSON."""
        await self.send_text(json.dumps(data))

    async def send_text(self, text: str) -> None:
        """Send text as it is."""
        try:
            await self._patience.until(self._open().send(text), f"to read from {self.path}")
        except client.ConnectionClosed:
            raise await self._closed("your message") from None

    async def receive(self) -> Any:
        """The next message, as JSON data; time passes until it comes."""
        text = await self.receive_text()
        try:
            return learners(parse(text))
        except ValueError:
            raise Failure(NOT_JSON, actual=text) from None

    async def receive_text(self) -> str:
        """The next message as text; time passes until it comes."""
        try:
            text = await self._patience.until(self._take(), f"with a message on {self.path}")
        except Waiting as waiting:
            raise await self._silent(waiting) from None
        if text is None:
            raise await self._closed("a message")
        return text

    async def nothing(self) -> None:
        """No message comes while the project does what it does now; no time passes."""
        task = self._reading()
        await self._patience.quiet(task)
        if task.done() and task.result() is not None:
            raise Failure(CAME, actual=task.result())

    async def closed(self) -> int:
        """The project closes the WebSocket; the code that it gave."""
        text = await self._patience.until(self._take(), f"with closing {self.path}")
        if text is not None:
            raise Failure(NOT_CLOSED.format(path=self.path), actual=text)
        return self._open().close_code or 1006

    async def close(self) -> None:
        """Go away."""
        if self._next:
            self._next.cancel()
            await asyncio.gather(self._next, return_exceptions=True)
        if self._connection:
            await self._connection.close()

    def _open(self) -> ClientConnection:
        if self._connection is None:
            if self._raised:
                raise Failure(**explain(self._raised))
            nudge = REFUSED_NUDGE.format(path=self.path)
            raise Failure(REFUSED.format(path=self.path, code=self.code), nudge=nudge)
        return self._connection

    async def _silent(self, waiting: Waiting) -> Failure:
        """Why no message comes: an error, a wait in the learner's own code, or nothing to send."""
        raised = await self._mishap() or await self._others()
        if raised:
            return Failure(**explain(raised))
        if waiting.actual is not None:
            return waiting
        return Failure(SILENT.format(path=self.path), nudge=SILENT_NUDGE)

    async def _closed(self, what: str) -> Failure:
        raised = await self._mishap()
        if raised:
            return Failure(**explain(raised))
        code = self._open().close_code
        return Failure(CLOSED.format(path=self.path, code=code, what=what))

    async def _take(self) -> str | None:
        # A message that was begun to be awaited is never thrown away.
        text = await asyncio.shield(self._reading())
        self._next = None
        return text

    def _reading(self) -> asyncio.Task[str | None]:
        if self._next is None:
            self._next = asyncio.ensure_future(self._receive(self._open()))
        return self._next

    async def _receive(self, connection: ClientConnection) -> str | None:
        try:
            message = await connection.recv()
        except client.ConnectionClosed:
            return None
        return message if isinstance(message, str) else message.decode("utf-8", "replace")
