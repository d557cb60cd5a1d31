"""The settings that a judged project gets instead of its own: everything stays in its folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

DATABASE = "db.sqlite3"
# The same as it was right after its migrations.
MIGRATED = "migrated.sqlite3"
MAIL = "mail"
QUEUE = "huey.sqlite3"

# The parts of HUEY that say where and how tasks are stored.
_STORAGE = ("connection", "url", "filename", "storage_class", "serializer", "compression")

_SQLITE = "django.db.backends.sqlite3"
_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    # Nobody needs a judged database after a power cut, and a write that waits for no disk is a
    # dozen times as fast.
    "init_command": "PRAGMA synchronous=OFF",
}


def overrides(settings: Any, state: Path) -> Mapping[str, Any]:
    """What replaces settings of the project; `state` is the folder for all that it writes."""
    told: dict[str, Any] = {
        "DATABASES": {"default": _database(getattr(settings, "DATABASES", {}), state)},
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(state / MAIL),
        # Quick ones: a check makes users, and no password here guards anything.
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    }
    if getattr(settings, "CHANNEL_LAYERS", None):
        told["CHANNEL_LAYERS"] = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    if getattr(settings, "HUEY", None):
        told["HUEY"] = _huey(settings.HUEY, state)
    if not getattr(settings, "LOGGING", None):
        # Django's own console log would repeat each exception that the verdict shows already.
        told["LOGGING_CONFIG"] = None
    return told


def _database(known: Mapping[str, Any], state: Path) -> dict[str, Any]:
    default = known.get("default") or {}
    options = dict(_OPTIONS)
    if default.get("ENGINE") == _SQLITE:
        options |= default.get("OPTIONS", {})
    # The file lives for seconds: nobody needs to be sure that it reached the disk.
    options["init_command"] = f"PRAGMA synchronous=OFF;{options.get('init_command', '')}"
    kept = {name: default[name] for name in ("ATOMIC_REQUESTS", "CONN_MAX_AGE") if name in default}
    return {**kept, "ENGINE": _SQLITE, "NAME": str(state / DATABASE), "OPTIONS": options}


def _huey(known: Any, state: Path) -> dict[str, Any]:
    kept = known if isinstance(known, dict) else {}
    dropped = (*_STORAGE, "consumer", "huey_class", "immediate")
    return {
        **{name: value for name, value in kept.items() if name not in dropped},
        "huey_class": "huey.SqliteHuey",
        "immediate": False,
        "connection": {"filename": str(state / QUEUE), "fsync": False},
    }
