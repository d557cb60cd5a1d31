"""What Jupyter would say in the terminal of every Lab, though there is nothing to be done about it.

A learner who reads a warning, or a traceback, looks for a fault of theirs.
"""

import logging
import weakref
from typing import Any

from tornado.iostream import StreamClosedError

# As they are logged, before anything is filled in.
NOISE = (
    "Notebook %s is not trusted",  # until it is run, which makes its outputs the learner's own
    "The websocket_ping_timeout",  # Jupyter asks tornado for what tornado then puts right
)
UNCAUGHT, PROXIED = "Uncaught exception", "/proxy/"


class Quiet(logging.Filter):
    """Lets all through but these.

    A page of a notebook knocks at a live site that went with its kernel: a restart, or yesterday's
    notebook. The page shows that nobody is there; jupyter-server-proxy also logs a traceback. And
    a tab is closed, or loaded anew, before it has its answer: nobody waits for that one any more.
    """

    def __init__(self) -> None:
        super().__init__()
        self._gone: weakref.WeakSet[Any] = weakref.WeakSet()

    def filter(self, record: logging.LogRecord) -> bool:
        """Is it worth a line?"""
        if str(record.msg).startswith(UNCAUGHT) and isinstance(record.args, tuple):
            request: Any = record.args[-1]
            error = record.exc_info[1] if record.exc_info else None
            if _nobody_is_there(error, getattr(request, "uri", "")):
                self._gone.add(request)
                return False
        return not str(record.msg).startswith(NOISE)

    def worth_a_line(self, handler: Any) -> bool:
        """Of a request that is done: does its line say more than that nobody was there?"""
        return handler.request not in self._gone


def _nobody_is_there(error: BaseException | None, uri: str) -> bool:
    """At one of the two ends: no site behind the proxy, or no browser for the answer."""
    no_site = isinstance(error, ConnectionRefusedError) and PROXIED in uri
    return no_site or isinstance(error, StreamClosedError)


def hush(log: logging.Logger, settings: dict[str, Any]) -> None:
    """Keep the noise out of a server's log, and out of what tornado adds to it.

    `settings`: tornado's, of the server's web application.
    """
    quiet, log_request = Quiet(), settings["log_function"]
    tornado = map(logging.getLogger, ("tornado.general", "tornado.application"))
    for each in (log, *tornado):
        each.addFilter(quiet)

    def log_function(handler: Any) -> None:
        if quiet.worth_a_line(handler):
            log_request(handler)

    settings["log_function"] = log_function
