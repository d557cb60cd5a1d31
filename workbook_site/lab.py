"""JupyterLab on the learner's workspace: its options, its surroundings, its address.

It asks the internet for nothing: no news, no look for updates, no catalogue of extensions.
"""

import asyncio
import errno
import logging
import os
import secrets
import socket
import sys
import webbrowser
from pathlib import Path
from typing import Any, TextIO

from workbook_site import exits, places

# A kernel that knows our magics from its first cell on, and what Lab is not to ask.
JUPYTER = places.CHECKOUT / "workbook_site" / "jupyter"
FIRST_PORT = 8888
# The named workspace that `classroom.layout` makes; its tabs stay as the learner leaves them.
OPENS = "/lab/workspaces/workbook"
STREAM = socket.SOCK_STREAM
# How long what is under way may take to be cancelled, in seconds. A safety bound, no measure.
PATIENCE = 5.0

TAKEN = """\
Port {port} can't be used on this machine ({why}).
Another Lab may be running. Leave --port out and a free one is taken, or name another:
    python3 -m workbook_site lab --port {other}"""
RANGE = "ports are numbers from 1 to 65535"
AS_ROOT = "Warning: JupyterLab runs as root here; what a notebook does, it does as root."
NO_BROWSER = "No browser was found on this machine: open the address yourself."
STARTING = "JupyterLab is starting ..."
ADDRESS = """
  The workbook is open at

    {address}

  The notebooks are in {workspace}
  Ctrl-C ends it; what is saved stays.
"""


def start(workspace: Path, port: int | None, browser: bool) -> None:
    """Serve `workspace`, laid out as a classroom, until stopped. Raises `Stop` for a taken port.

    `port` None takes the first free one from 8888 on; `browser` opens one, where there is one.
    """
    free(port)
    if _is_root():
        sys.stderr.write(f"{AS_ROOT}\n")
    if browser and not has_browser():
        sys.stderr.write(f"{NO_BROWSER}\n")
        browser = False
    os.environ.update(surroundings(workspace))
    sys.stdout.write(f"{STARTING}\n")
    sys.stdout.flush()
    # Heavy, and only wanted once nothing can be refused any more.
    from jupyterlab.labapp import LabApp

    server = LabApp.initialize_server(argv=options(workspace, port, browser))
    # Behind the callback that binds the port: what is printed can be opened.
    server.io_loop.add_callback(announce, server, workspace, sys.stdout)
    server.start()
    _finish(server.io_loop.asyncio_loop)


def _finish(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel what is under way, as `asyncio.run` does and Jupyter does not.

    A request that is not answered yet keeps its thread, and the thread would keep this process. It
    fails now, which is no news: whoever asked knows that Lab was ended.
    """
    logging.disable()
    if under_way := asyncio.all_tasks(loop):
        for task in under_way:
            task.cancel()
        loop.run_until_complete(asyncio.wait(under_way, timeout=PATIENCE))


def free(port: int | None) -> None:
    """Raise `Stop` unless `port` can be listened at; None and 0 leave the choice to others."""
    if not port:
        return
    if not 0 < port < 65536:
        raise exits.Stop(TAKEN.format(port=port, why=RANGE, other=FIRST_PORT), exits.PORT)
    try:
        for family, _, _, _, address in socket.getaddrinfo("localhost", port, type=STREAM):
            _bind(family, address)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else error
        other = port + 1 if 1023 < port < 65535 else FIRST_PORT
        raise exits.Stop(TAKEN.format(port=port, why=why, other=other), exits.PORT) from error


def _bind(family: int, address: Any) -> None:
    try:
        with socket.create_server(address[:2], family=family):
            pass
    except OSError as why:
        # A container without IPv6 still resolves localhost to ::1.
        if why.errno != errno.EADDRNOTAVAIL:
            raise


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def has_browser() -> bool:
    """Whether one could be opened."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def surroundings(workspace: Path) -> dict[str, str]:
    """Environment variables for Lab, and through it for every kernel and terminal."""
    state = workspace / places.STATE / "lab"
    return {
        "WORKBOOK_WORKSPACE": str(workspace),
        "JUPYTER_PATH": _first(JUPYTER, "JUPYTER_PATH"),
        "JUPYTER_CONFIG_PATH": _first(JUPYTER, "JUPYTER_CONFIG_PATH"),
        # A kernel of the same name in the home folder must not take the place of ours.
        "JUPYTER_PREFER_ENV_PATH": "1",
        # Which notebooks are open is remembered here, apart from the learner's other Labs.
        "JUPYTERLAB_WORKSPACES_DIR": str(state / "workspaces"),
        # Not among the arguments, where every user of the machine could read it.
        "JUPYTER_TOKEN": os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(24),
    }


def _first(folder: Path, variable: str) -> str:
    others = os.environ.get(variable, "").split(os.pathsep)
    return os.pathsep.join([str(folder), *(other for other in others if other)])


def options(workspace: Path, port: int | None, browser: bool) -> list[str]:
    """JupyterLab's own options."""
    return [
        f"--ServerApp.root_dir={workspace}",
        f"--LabApp.default_url={OPENS}",
        f"--ServerApp.port={FIRST_PORT if port is None else port}",
        f"--ServerApp.port_retries={50 if port is None else 0}",
        f"--ServerApp.open_browser={browser}",
        f"--ServerApp.allow_root={_is_root()}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        # Our own lines say what a learner has to know.
        "--ServerApp.log_level=WARN",
        "--LabApp.log_level=WARN",
    ]


def announce(server: Any, workspace: Path, stream: TextIO) -> None:
    """Say where Lab is, with the token that opens it."""
    token = server.identity_provider.token
    base = f"{server.connection_url.rstrip('/')}{OPENS}"
    address = f"{base}?token={token}" if token else base
    stream.write(ADDRESS.format(address=address, workspace=workspace))
    stream.flush()
