"""What is made before the server says that it is ready, so that the first reader waits for none
of it: the lines of the whole class, and the page's template. By ASGI's lifespan.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.db import Error
from django.template.loader import get_template

from workbook_site.grading.page import lines, reading, table

COLD = "The class could not be read yet, and is read for the first who asks: %s"

_log = logging.getLogger(__name__)


async def lifespan(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """The ASGI application for a server's own start and end."""
    while (await receive())["type"] == "lifespan.startup":
        await sync_to_async(warm)()
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


def warm() -> None:
    """Make what is kept from one reader to the next. A database that is away is no reason not to
    start: the page itself says so, and looks again."""
    get_template("page/class.html")
    try:
        shown = lines.lines(reading.View())
        table.table(shown.lines.values(), shown.columns)
    except Error as error:
        _log.warning(COLD, error)
