"""`site.stream`: an answer that comes bit by bit, such as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from workbook_site.checking import bounded, client
from workbook_site.checking.data import Unset, learners, parse, unset
from workbook_site.checking.failure import Failure, equal
from workbook_site.checking.judged import Mishap, explain

if TYPE_CHECKING:
    import httpx

    from workbook_site.checking.patience import Patience

STATUS = "{request} answered {found}, not {expected}."
NO_HEADER = "The answer to {request} has no header {name!r}."
OTHER_HEADER = "The answer to {request} has another {name!r} header."
ENDED = "The stream of {request} ended, where {what} was due."
NOT_ENDED = "The stream of {request} did not end; it went on."
CAME = "The stream of {request} sent something, where nothing was due."
NOT_JSON = "An event's data is not JSON."


@dataclass(frozen=True)
class Event:
    """One server-sent event."""

    data: str
    event: str = "message"
    id: str | None = None
    retry: int | None = None

    def json(self, expected: Any = unset) -> Any:
        """Its data as JSON; when `expected` is given, it equals that."""
        try:
            found = parse(self.data)
        except ValueError:
            raise Failure(NOT_JSON, actual=self.data) from None
        if not isinstance(expected, Unset):
            equal(found, expected, "The event carries other data.")
        return learners(found)


class Stream:
    """An answer whose body is still coming."""

    def __init__(
        self, request: str, response: httpx.Response, patience: Patience, mishap: Mishap
    ) -> None:
        self.request = request
        self._mishap = mishap
        self.code = response.status_code
        self.headers = response.headers
        self._patience = patience
        self._lines: AsyncIterator[str] = bounded.lines(response, request)
        self._next: asyncio.Task[str | None] | None = None

    def status(self, expected: int) -> Self:
        """The answer has this HTTP status."""
        if self.code != expected:
            told = STATUS.format(request=self.request, found=self.code, expected=expected)
            raise Failure(told, expected=expected, actual=self.code)
        return self

    def header(self, name: str, expected: str | None = None) -> str:
        """One header's value; when `expected` is given, it equals that."""
        found: str | None = self.headers.get(name)
        if found is None:
            raise Failure(NO_HEADER.format(request=self.request, name=name), expected=expected)
        if expected is not None:
            equal(found, expected, OTHER_HEADER.format(request=self.request, name=name))
        return found

    async def line(self) -> str:
        """The next line that is not empty; time passes until it comes."""
        while True:
            line = await self._line("a line")
            if line:
                return line

    async def event(self) -> Event:
        """The next server-sent event; comments (heartbeats) are passed over."""
        fields: dict[str, list[str]] = {}
        while True:
            line = await self._line("an event")
            if line and not line.startswith(":"):
                name, _, value = line.partition(":")
                fields.setdefault(name, []).append(value.removeprefix(" "))
            elif not line and "data" in fields:
                return _event(fields)

    async def nothing(self) -> None:
        """Nothing comes while the project does what it does now; no time passes."""
        task = self._reading()
        await self._patience.quiet(task)
        while task.done() and task.result() == "":  # an empty line ends something; it says nothing
            self._next = None
            task = self._reading()
            await self._patience.quiet(task)
        if task.done() and task.result() is not None:
            raise Failure(CAME.format(request=self.request), actual=task.result())

    async def end(self) -> None:
        """The stream ends before another line comes."""
        line: str | None = ""
        while line == "":
            line = await self._patience.until(self._take(), f"with the end of {self.request}")
        if line is not None:
            raise Failure(NOT_ENDED.format(request=self.request), actual=line)

    async def close(self) -> None:
        """Stop reading."""
        if self._next:
            self._next.cancel()
            await asyncio.gather(self._next, return_exceptions=True)

    async def _line(self, what: str) -> str:
        line = await self._patience.until(self._take(), f"with {what} of {self.request}")
        if line is None:
            raised = await self._mishap()
            if raised:
                raise Failure(**explain(raised))
            raise Failure(ENDED.format(request=self.request, what=what))
        return line

    async def _take(self) -> str | None:
        # A line that was begun to be awaited is never thrown away.
        line = await asyncio.shield(self._reading())
        self._next = None
        return line

    def _reading(self) -> asyncio.Task[str | None]:
        if self._next is None:
            self._next = asyncio.ensure_future(_next_of(self._lines))
        return self._next


async def _next_of(lines: AsyncIterator[str]) -> str | None:
    try:
        return await anext(lines, None)
    except client.httpx.HTTPError:
        return None


def _event(fields: Mapping[str, list[str]]) -> Event:
    last = {name: values[-1] for name, values in fields.items()}
    retry = last.get("retry", "")
    return Event(
        data="\n".join(fields["data"]),
        event=last.get("event") or "message",
        id=last.get("id"),
        retry=int(retry) if retry.isdecimal() else None,
    )
