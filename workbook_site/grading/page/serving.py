"""uvicorn in this process, for the page on one's own machine."""

import socket
from collections.abc import Callable

import uvicorn


class _Server(uvicorn.Server):
    """Says when it serves: what is printed can be opened."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve(listening: socket.socket, goodbye: int, ready: Callable[[], None]) -> None:
    """Serve the site at this socket until Ctrl-C or SIGTERM.

    Open connections get `goodbye` seconds to end; `ready` is called when the first may come.
    """
    config = uvicorn.Config(
        "workbook_site.asgi:application",
        lifespan="on",
        log_level="warning",
        # Nobody stands between a browser and us here: headers that say so would be lies.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=goodbye,
    )
    _Server(config, ready).run([listening])
