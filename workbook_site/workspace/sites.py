"""Where the sites of this workspace answer: one file for each kernel that has booted one.

`.workbook/sites/PORT.json` holds {"port": 41234, "token": "...", "loads": 3, "front": "/blog/"}. A
kernel that is killed leaves its file behind, and its port may be another program's by now: who
reads asks the port for the token.
"""

import json
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

from workbook_site import places
from workbook_site.project.lay import write

# Where a site says its token, and nothing else; see `live.door`.
HERE = "/__workbook__/"


@dataclass(frozen=True)
class Announced:
    """A site at 127.0.0.1:`port`, if what answers there at `HERE` is `token`.

    `loads` grows with each version of the project that it serves. `front`: a page to begin with.
    """

    port: int
    token: str
    loads: int
    front: str = "/"


def announce(workspace: Path, site: Announced) -> None:
    """Write it down, in place of what was told of that port."""
    path = _path(workspace, site.port)
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, json.dumps(asdict(site)) + "\n")


def withdraw(workspace: Path, port: int) -> None:
    """The site at that port has ended."""
    _path(workspace, port).unlink(missing_ok=True)


def announced(workspace: Path) -> list[Announced]:
    """The sites that were announced and not withdrawn, the one announced last first."""
    found = []
    for path in _path(workspace, 0).parent.glob("*.json"):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            port, loads, front = int(told["port"]), int(told["loads"]), told.get("front", "/")
            site = Announced(port, str(told["token"]), loads, str(front))
            found.append((path.stat().st_mtime_ns, site.port, site))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # withdrawn this moment, or no announcement of ours
    return [site for _, _, site in sorted(found, key=lambda each: each[:2], reverse=True)]


def prune(workspace: Path) -> None:
    """Take back what kernels left behind that were killed: nobody listens at its port."""
    for site in announced(workspace):
        try:
            socket.create_connection(("127.0.0.1", site.port), timeout=1).close()
        except ConnectionRefusedError:
            withdraw(workspace, site.port)
        except OSError:
            continue  # somebody may be there


def _path(workspace: Path, port: int) -> Path:
    return workspace / places.STATE / "sites" / f"{port}.json"
