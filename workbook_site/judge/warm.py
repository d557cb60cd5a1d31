"""Loads once, in the host, what every judged project needs: a fork then has it for nothing."""

import contextlib
import functools
import importlib
import importlib.util
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.checks.registry import registry

from workbook_site import places, reload

# Imported when they are there; a project that does not use them pays nothing for it.
MODULES = (
    "httpx",
    "httpcore._backends.anyio",
    "httpcore._backends.sync",
    "h11",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.h11_impl",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
    "websockets.legacy",
    "anyio._backends._asyncio",
    "django.core.handlers.asgi",
    "django.core.mail.backends.filebased",
    "django.contrib.messages.storage.fallback",
    "django.contrib.sessions.serializers",
    "django.contrib.staticfiles.handlers",
    "django.contrib.staticfiles.storage",
    "django.middleware.http",
    "django.views.decorators.csrf",
    "django.views.decorators.http",
    "django.db.migrations.autodetector",
    "django.db.migrations.executor",
    "django.test.signals",
    "django.views.debug",
    "django.views.generic",
    "django.http",
    "django.shortcuts",
    "django.contrib.auth.hashers",
    "django.contrib.auth.backends",
    "django.contrib.sessions.backends.db",
    "channels.auth",
    "channels.routing",
    "channels.layers",
    "channels.generic.http",
    "channels.generic.websocket",
    "channels.security.websocket",
    "channels.db",
    "huey",
    "huey.contrib.asyncio",
    "workbook_site.judge.agent",
    "workbook_site.judge.child",
    "workbook_site.judge.database",
    "workbook_site.judge.queue",
    "workbook_site.judge.verbs",
    "asyncio.timeouts",
    "asyncio.taskgroups",
    "concurrent.futures.thread",
    "sqlite3",
    "email.policy",
    "encodings.idna",
    "stringprep",
    "json",
    "random",
    "statistics",
    "tempfile",
    "zoneinfo",
)

# Brings Twisted along, whose event loop nobody runs: not here, and not in the forks.
DAPHNE = "daphne.apps"


def warm() -> None:
    """Import all of `MODULES`, and set Django up with the starter project."""
    logging.getLogger("django").setLevel(logging.CRITICAL)
    keeps, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # the starter is others' to copy
    application = reload.load(places.starter())
    assert application is not None
    sys.dont_write_bytecode = keeps
    _import_all(MODULES)
    _read_certificates_once()
    _look_for_sniffio_once()
    logging.getLogger("django").setLevel(logging.NOTSET)
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    reload.settle()


def suit(site: Path) -> bool:
    """Load what the project in this folder needs beside that: Twisted, if it has daphne. Most
    projects do without, and each fork costs by what is loaded. Was there anything to load?"""
    if DAPHNE in sys.modules or not any("daphne" in text for text in _settings(site)):
        return False
    _import_all([DAPHNE])
    return True


def _settings(site: Path) -> Iterator[str]:
    for path in site.glob("*/settings.py"):
        yield path.read_text(encoding="utf-8", errors="replace")


def _import_all(names: Iterable[str]) -> None:
    known = set(registry.registered_checks)
    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    # daphne's check complains of every project that does not install it. Where it is installed,
    # it registers the check once more.
    registry.registered_checks = known


def _read_certificates_once() -> None:
    """httpx reads 150 certificates for every client, which takes longer than most answers do."""
    transports: Any = importlib.import_module("httpx._transports.default")
    cached = functools.cache(transports.create_ssl_context)
    cached(verify=True, cert=None, trust_env=True)
    transports.create_ssl_context = cached


def _look_for_sniffio_once() -> None:
    """httpcore tries to import it for each connection, and so searches the disk again and again."""
    if importlib.util.find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]  # Python's own "there is none"
