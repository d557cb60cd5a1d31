"""A web server outside the notebook: `uvicorn mysite.asgi:application`, as in production."""

import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from workbook_site.services import apart, process
from workbook_site.services.process import Child, NotStarted

APPLICATION = "mysite.asgi:application"
# Seconds that open connections get to end by themselves.
GOODBYE = 2

PORT_TAKEN = "Port {port} is taken. Leave out `port` to get a free one."
NO_PORT = "A port is a whole number below 65536, not {port!r}. Leave out `port` to get a free one."
WORKER_DIED = """\
A worker of {name} ended before it was ready. What it said last:
{log}"""

_RUNNING = re.compile(r"Uvicorn running on (http://\S+)")
_DIED = re.compile(r"Child process \[\d+\] died")


def start(folder: Path, *, workers: int = 1, port: int = 0, name: str = "uvicorn") -> Child:
    """Start it for the project in `folder`; it is ready when all workers serve.

    `child.ready` is its address, without a slash at the end. Port 0 is any free one: the server
    binds it itself and says which, so that nobody can take it in between. Raises `NotStarted`.
    """

    def serving(child: Child) -> str | None:
        return _serving(child, workers)

    if type(port) is not int or not 0 <= port < 65536:
        raise NotStarted(NO_PORT.format(port=port))
    words = ["--workers", workers, "--port", port, "--timeout-graceful-shutdown", GOODBYE]
    try:
        return process.start(
            [sys.executable, "-m", "uvicorn", APPLICATION, *map(str, words)],
            name=name,
            ready=serving,
            env=apart.environment(),
            cwd=folder,
        )
    except NotStarted as error:
        if "address already in use" in str(error).lower():
            raise NotStarted(PORT_TAKEN.format(port=port)) from None
        raise


def port_of(url: str) -> int:
    """The port in an address."""
    found = urlsplit(url).port
    assert found is not None
    return found


def _serving(child: Child, workers: int) -> str | None:
    """Its address once every worker has started; uvicorn starts one that dies again and again."""
    said = child.log()
    if _DIED.search(said):
        raise NotStarted(WORKER_DIED.format(name=child.name, log=child.log(15)))
    address = _RUNNING.search(said)
    if address and said.count("Application startup complete.") >= workers:
        return address[1]
    return None
