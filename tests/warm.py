"""What the fork server loads: what a kernel and `boot` do, short of a Django project."""

import gc
import importlib

from workbook_site.hidden import HTTPX_COMMAND, hidden

MODULES = (
    # A kernel, before its first cell.
    "debugpy",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "matplotlib_inline.config",
    "workbook_site.live.magics",
    # `boot`.
    "workbook_site.live.boot",
    "django.contrib.admin.views.main",
    "django.contrib.auth.hashers",
    "django.contrib.sessions.middleware",
    "django.core.asgi",
    "django.core.management.commands.makemigrations",
    "django.core.management.commands.migrate",
    "django.db.backends.sqlite3.base",
    "django.middleware.common",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)

with hidden(HTTPX_COMMAND):
    for name in MODULES:
        importlib.import_module(name)

# Forks then share these objects, where each collection of garbage would have them copied.
gc.collect()
gc.freeze()
