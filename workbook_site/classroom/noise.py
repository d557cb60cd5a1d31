"""What Jupyter would say in the terminal of every Lab, though there is nothing to be done about it.

A learner who reads a warning looks for a fault of theirs.
"""

import logging

# As they are logged, before anything is filled in.
NOISE = (
    "Notebook %s is not trusted",  # until it is run, which makes its outputs the learner's own
    "The websocket_ping_timeout",  # Jupyter asks tornado for what tornado then puts right
)


class Quiet(logging.Filter):
    """Lets all through but these."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Is it worth a line?"""
        return not str(record.msg).startswith(NOISE)


def hush(log: logging.Logger) -> None:
    """Keep the noise out of a server's log, and out of what tornado adds to it."""
    for each in (log, logging.getLogger("tornado.general")):
        each.addFilter(Quiet())
