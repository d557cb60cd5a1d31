"""Keep out of the notebook what is said there better already.

Django and uvicorn write each failed request to the terminal, with every frame of theirs. In a
notebook the answer itself shows the error, so the consoles leave those records out. A file or a
service that the learner's LOGGING names still gets them.
"""

import logging
import sys

SAID_BY_THE_ANSWER = ("django.request", "django.channels.server", "uvicorn.error")


class _Unsaid(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.name not in SAID_BY_THE_ANSWER


_unsaid = _Unsaid()


def quieten() -> None:
    """Filter the handlers that write to the notebook; after each load, which makes them anew."""
    for name in ("", "django", *SAID_BY_THE_ANSWER):
        for handler in logging.getLogger(name).handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr:
                handler.addFilter(_unsaid)
    # With no handler at all Python falls back to one that writes to stderr.
    if logging.lastResort is not None and _unsaid not in logging.lastResort.filters:
        logging.lastResort.addFilter(_unsaid)
