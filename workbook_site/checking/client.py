"""The clients of the checks for HTTP and WebSockets, loaded when a check first asks for a page.

Every exercise names the Site, and many read exercises who judge nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from workbook_site.hidden import ASKED_FOR_AGAIN, HTTPX_COMMAND, hidden, settle

if TYPE_CHECKING:
    import httpx
    from websockets.asyncio.client import unix_connect
    from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

__all__ = ["ConnectionClosed", "InvalidHandshake", "InvalidStatus", "httpx", "unix_connect"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "httpx":
        with hidden(HTTPX_COMMAND):
            found = import_module("httpx")
        settle(ASKED_FOR_AGAIN)
    elif name == "unix_connect":
        found = import_module("websockets.asyncio.client").unix_connect
    else:
        found = getattr(import_module("websockets.exceptions"), name)
    return globals().setdefault(name, found)
