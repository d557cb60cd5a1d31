"""What stands around the judged application: it notes what the learner's code raised and asked."""

import contextvars
import sys
from collections.abc import MutableMapping
from typing import Any

from django.core.signals import got_request_exception

from workbook_site.judge import queries
from workbook_site.reload import ASGIApplication

# Names the request to which an exception belongs. Taken off before the project sees the request.
HEADER = b"x-judge-request"
KEPT = 100

_request: contextvars.ContextVar[str] = contextvars.ContextVar("judge_request", default="")


class Door:
    """Wraps an ASGI application.

    `mishaps` maps a request's number to what it raised last, `queries` to the SQL it sent.
    """

    def __init__(self, application: ASGIApplication) -> None:
        self.application = application
        self.mishaps: dict[str, BaseException] = {}
        self.queries: dict[str, list[str]] = {}
        got_request_exception.connect(self._note_current, weak=False)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Serve one connection, and note what it raises."""
        number = _take_header(scope)
        _request.set(number)
        _keep(self.queries, number, queries.begin())
        try:
            await self.application(scope, receive, send)
        except Exception as error:
            if scope["type"] != "lifespan":
                self._note(error)
            raise

    def _note_current(self, **_: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            self._note(error)

    def _note(self, error: BaseException) -> None:
        _keep(self.mishaps, _request.get(), error)


def _keep(kept: dict[str, Any], number: str, value: Any) -> None:
    kept[number] = value
    while len(kept) > KEPT:
        kept.pop(next(iter(kept)))


def _take_header(scope: MutableMapping[str, Any]) -> str:
    if scope["type"] == "lifespan":
        return ""
    headers = list(scope["headers"])
    scope["headers"] = [each for each in headers if each[0] != HEADER]
    return next((value.decode() for name, value in headers if name == HEADER), "")
