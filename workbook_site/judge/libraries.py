"""The libraries that some projects need and others don't, told by the words in their files.

The host loads one when the first project that speaks of it comes along: a fork costs by what its
parent has loaded.
"""

from collections.abc import Iterable

# What is imported for a word. What can't be imported is left to the project to complain of.
MODULES = {
    "httpx": (
        "httpx",
        "httpcore._backends.anyio",
        "httpcore._backends.sync",
        "anyio._backends._asyncio",
    ),
    "channels": (
        "channels.auth",
        "channels.routing",
        "channels.layers",
        "channels.generic.http",
        "channels.generic.websocket",
        "channels.security.websocket",
        "channels.db",
    ),
    "huey": ("huey", "huey.contrib.asyncio"),
    # Brings Twisted along, whose event loop nobody runs: not in the host, and not in the forks.
    "daphne": ("daphne.apps",),
}


def spoken_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The words of `MODULES` that stand in these files."""
    found = [word for text in texts for word in MODULES if word in text]
    return tuple(dict.fromkeys(found))
