"""Loads once, in the host, what judged projects need: a fork then has it for nothing."""

import contextlib
import functools
import importlib
import importlib.util
import logging
import os
import sys
import types
from collections.abc import Iterable
from typing import Any

from django.core.checks.registry import registry
from django.core.exceptions import AppRegistryNotReady

from workbook_site import places, reload
from workbook_site.hidden import ASKED_FOR_AGAIN, HTTPX_COMMAND, hidden, settle
from workbook_site.judge import libraries

# For every project: Django, the server, and the judge's own part in the judged process.
MODULES = (
    "h11",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.h11_impl",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
    "websockets.legacy",
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
    "django.views.debug",
    "django.views.generic",
    "django.http",
    "django.shortcuts",
    "django.contrib.auth.hashers",
    "django.contrib.auth.backends",
    "django.contrib.sessions.backends.db",
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

# Some libraries look for others, and load what they find: a command line's, a database's. Judged
# code has no use for these.
UNWANTED = {"httpx": (HTTPX_COMMAND,), "huey": ("psycopg", "psycopg2")}


def warm() -> None:
    """Import all of `MODULES`, set Django up with the starter project, and clear that away."""
    logging.getLogger("django").setLevel(logging.CRITICAL)
    keeps, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # the starter is others' to copy
    _import_signals_of_tests()
    application = reload.load(places.starter())
    assert application is not None
    sys.dont_write_bytecode = keeps
    _import_all(MODULES)
    settle(ASKED_FOR_AGAIN)
    logging.getLogger("django").setLevel(logging.NOTSET)
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    reload.make_way()


def suit(words: Iterable[str]) -> bool:
    """Load these of `judge.libraries`. Was there anything to load?"""
    missing = [word for word in words if word not in _suited]
    for word in missing:
        with hidden(*UNWANTED.get(word, ())):
            _import_all(libraries.MODULES[word])
        if word == "httpx":
            _read_certificates_once()
    _suited.update(missing)
    return bool(missing)


_suited: set[str] = set()


def _import_all(names: Iterable[str]) -> None:
    known = set(registry.registered_checks)
    for name in names:
        # No project is loaded while a library is: one that needs one is left to its project.
        with contextlib.suppress(ImportError, AppRegistryNotReady):
            importlib.import_module(name)
    # daphne's check complains of every project that does not install it. Where it is installed,
    # it registers the check once more.
    registry.registered_checks = known


def _import_signals_of_tests() -> None:
    """`django.test.signals`, whose receivers have Django's caches follow the settings, without the
    test client and what comes with it. Whoever imports `django.test` still gets all of it."""
    name = "django.test"
    spec = importlib.util.find_spec(name)
    if spec is None or name in sys.modules:
        return
    sys.modules[name] = package = types.ModuleType(name)
    package.__path__ = list(spec.submodule_search_locations or ())
    try:
        importlib.import_module(f"{name}.signals")
    finally:
        del sys.modules[name]


def _read_certificates_once() -> None:
    """httpx reads 150 certificates for every client, which takes longer than most answers do."""
    transports: Any = importlib.import_module("httpx._transports.default")
    cached = functools.cache(transports.create_ssl_context)
    cached(verify=True, cert=None, trust_env=True)
    transports.create_ssl_context = cached
