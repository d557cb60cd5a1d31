"""What Django keeps of its settings, made to follow them."""

import sys
import weakref
from collections.abc import Iterable, Mapping
from typing import Any

from asgiref.local import Local
from django.conf import settings
from django.core.signals import setting_changed
from django.db import connections
from django.db.backends.signals import connection_created
from django.urls import clear_url_caches, set_urlconf

# Their caches hold templates, modules or classes of the project even when their value is the same.
ALWAYS = frozenset({"INSTALLED_APPS", "TEMPLATES", "DATABASE_ROUTERS"})
# Its receiver asks the registry for the model, so it is told when that is ready.
AFTER_MODELS = "AUTH_USER_MODEL"

_opened: weakref.WeakSet[Any] = weakref.WeakSet()


def watch_connections() -> None:
    """Remember each connection that any thread opens, so that a change can close it."""
    connection_created.connect(_remember, dispatch_uid=__name__)


def _remember(*, connection: Any, **_: object) -> None:
    _opened.add(connection)


def picture(values: Any) -> dict[str, str]:
    """The settings as text, to be compared later: Django fills in defaults in place."""
    return {name: repr(getattr(values, name)) for name in dir(values) if name.isupper()}


def changed(old: Mapping[str, str], new: Mapping[str, str], packages: Iterable[str]) -> set[str]:
    """Names of the settings whose value is another, or holds a dotted path into the project."""
    names = old.keys() | new.keys()
    paths = [f"'{package}." for package in packages]
    spoken = {n for n in names if any(path in new.get(n, "") for path in paths)}
    return {n for n in names if old.get(n) != new.get(n)} | spoken | ALWAYS


def announce(names: Iterable[str]) -> None:
    """Send `setting_changed`, as Django's test runner does, so that each receiver starts anew."""
    import django.test.signals  # noqa: F401  # its receivers clear Django's own caches

    for name in sorted(names):
        if name == "DATABASES":
            reconnect()
        setting_changed.send(
            sender=type(settings._wrapped),
            setting=name,
            value=getattr(settings, name, None),
            # Not entering an override: the settings simply are these now.
            enter=False,
        )


def forget() -> None:
    """Caches that know of the project's URLs, classes or rows, whatever the settings say."""
    clear_url_caches()
    set_urlconf(None)
    _clear("django.conf.urls.i18n", "is_language_prefix_patterns_used")
    _clear("django.views.debug", "get_default_exception_reporter_filter")
    contenttypes: Any = sys.modules.get("django.contrib.contenttypes.models")
    if contenttypes is not None:
        contenttypes.ContentType.objects.clear_cache()


def _clear(module: str, function: str) -> None:
    found = getattr(sys.modules.get(module), function, None)
    if found is not None:
        found.cache_clear()


def reconnect() -> None:
    """Every thread opens connections by the present DATABASES; the old ones are closed.

    The raw connection is closed, whichever thread opened it: Django's own `close` refuses to run
    where an event loop runs, as it does in a notebook.
    """
    for wrapper in list(_opened):
        raw = wrapper.connection
        if raw is not None and not wrapper.in_atomic_block:
            wrapper.connection = None
            raw.close()
    handler: Any = connections
    vars(handler).pop("settings", None)
    handler._settings = None
    handler._connections = Local(handler.thread_critical)
