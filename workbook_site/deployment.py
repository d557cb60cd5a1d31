"""What the surroundings say about where the gradebook lives. Standard library only.

    WORKBOOK_GRADEBOOK      the gradebook's folder                     ./gradebook
    WORKBOOK_DATABASE_URL   postgresql://USER:PASSWORD@HOST:PORT/NAME  SQLite in that folder
    WORKBOOK_REDIS_URL      redis://:PASSWORD@HOST:PORT/0              no Redis is needed
    WORKBOOK_HOSTS          gradebook.example.edu,...                  this machine only, no TLS
    WORKBOOK_SECRET_KEY     at least 50 characters                     a file in that folder

One machine needs none of them. More machines share the database, Redis and the secret key.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from workbook_site import exits

LOCAL = ["localhost", "127.0.0.1", "[::1]"]
KEY = "secret.key"

SCHEME = """\
WORKBOOK_DATABASE_URL begins with {found!r}. It has to look like this:
    postgresql://USER:PASSWORD@HOST:5432/NAME"""


def gradebook() -> Path:
    """The folder with the database, the queue, the late policy and the feedback. May not exist."""
    return Path(os.environ.get("WORKBOOK_GRADEBOOK") or "gradebook").expanduser().resolve()


def database() -> dict[str, Any]:
    """Django's `DATABASES["default"]`. Raises `Stop` for an address of another kind."""
    address = os.environ.get("WORKBOOK_DATABASE_URL")
    return _postgresql(address) if address else _sqlite(gradebook() / "gradebook.sqlite3")


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # Writers of several processes take turns, and wait for theirs: a transaction that only
            # later wants to write would be refused at once.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            # Pages are read while workers write.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def _postgresql(address: str) -> dict[str, Any]:
    url = urlsplit(address)
    if url.scheme not in ("postgres", "postgresql"):
        raise exits.Stop(SCHEME.format(found=f"{url.scheme}:"), exits.USAGE)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        # An async view has a thread, and so a connection, of its own: a pool keeps them open.
        "OPTIONS": {**dict(parse_qsl(url.query)), "pool": {"min_size": 0, "max_size": 8}},
    }


def redis() -> str | None:
    """The address of Redis or Valkey, where there is one."""
    return os.environ.get("WORKBOOK_REDIS_URL") or None


def channel_layers() -> dict[str, Any]:
    """Django Channels' `CHANNEL_LAYERS`: through Redis, or inside one process."""
    address = redis()
    if address is None:
        return {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    config = {"hosts": [address], "prefix": "workbook"}
    return {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": config}}


def hosts() -> list[str]:
    """The names under which the page is served to others, over TLS; none on one's own machine."""
    named = os.environ.get("WORKBOOK_HOSTS", "").split(",")
    return [host.strip() for host in named if host.strip()]


def secret_key() -> str:
    """The key that signs sessions: the surroundings', the gradebook's, else one for this start."""
    return os.environ.get("WORKBOOK_SECRET_KEY") or _kept() or secrets.token_urlsafe(64)


def _kept() -> str:
    try:
        return (gradebook() / KEY).read_text(encoding="ascii").strip()
    except OSError:
        return ""


def keep_secret_key(key: str) -> None:
    """Keep it in the gradebook's folder, so that a restart logs nobody out. Only we may read it."""
    path = gradebook() / KEY
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
