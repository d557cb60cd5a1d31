"""Verbs that need the project: call a function, add a row, log somebody in.

They run as the project's own code would: an async function on the server's loop, a sync one in
Django's thread.
"""

import importlib
import inspect
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from asgiref.sync import sync_to_async
from django.apps import apps
from django.conf import settings
from django.db import models

from workbook_site.judge import writes
from workbook_site.judge.agent import Trouble

NO_MODULE = "Your project has no module {module!r}."
NO_NAME = "{module} has no {name!r}."
NOT_CALLABLE = "{path} is {kind}, not a function."
NO_MODEL = "Your project has no model {label!r}."
NO_FIELD = "The model {label} has no field {name!r}. It has: {known}."
NO_USERS = "The settings have no sessions and users, so nobody can be logged in."


async def call(path: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Call the function with the dotted `path`; an async one is awaited."""
    function = await sync_to_async(_find)(path)
    if inspect.iscoroutinefunction(function):
        return _plain(await function(*args, **kwargs))
    value = await sync_to_async(function)(*args, **kwargs)
    return _plain(await value if inspect.isawaitable(value) else value)


async def add(model: str, rows: list[dict[str, Any]]) -> list[Any]:
    """Create a row of `app.Model` for each of these fields; their primary keys."""
    return await sync_to_async(_add)(model, rows)


async def change(model: str, equals: dict[str, Any], fields: dict[str, Any]) -> int:
    """Change the rows of `app.Model` that equal these; how many there were. See `judge.writes`."""
    return await sync_to_async(_change)(model, equals, fields)


async def login(user: str) -> dict[str, str]:
    """The session cookie of a user, who is made when missing: its `name` and `value`."""
    return await sync_to_async(_login)(user)


def _find(path: str) -> Callable[..., Any]:
    module_name, _, name = path.rpartition(".")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and module_name.startswith(error.name):
            raise Trouble(NO_MODULE.format(module=module_name)) from error
        raise
    function = getattr(module, name, None)
    if function is None:
        raise Trouble(NO_NAME.format(module=module_name, name=name))
    if not callable(function):
        raise Trouble(NOT_CALLABLE.format(path=path, kind=type(function).__name__))
    return function  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    """Tuples and the like as JSON has them; what JSON lacks is left for the agent to refuse."""
    if isinstance(value, tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value


def _add(label: str, rows: list[dict[str, Any]]) -> list[Any]:
    model = _model(label, dict.fromkeys(name for fields in rows for name in fields))
    users = label == settings.AUTH_USER_MODEL
    create = model.objects.create_user if users else model._default_manager.create
    return [create(**fields).pk for fields in rows]


def _change(label: str, equals: dict[str, Any], fields: dict[str, Any]) -> int:
    model = _model(label, [*equals, *fields])
    with writes.gate.past():
        changed: int = model._default_manager.filter(**equals).update(**fields)
    return changed


def _model(label: str, names: Iterable[str]) -> Any:
    """The model with this label, which has fields of these names."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise Trouble(NO_MODEL.format(label=label)) from error
    for name in names:
        _field(model, label, name)
    return model


def _field(model: type[models.Model], label: str, name: str) -> None:
    known = {field.name for field in model._meta.fields}
    known |= {field.attname for field in model._meta.concrete_fields}
    if name not in known:
        told = NO_FIELD.format(label=label, name=name, known=", ".join(sorted(known)))
        raise Trouble(told)


def _login(username: str) -> dict[str, str]:
    if not (apps.is_installed("django.contrib.auth") and settings.SESSION_ENGINE):
        raise Trouble(NO_USERS)
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
        get_user_model,
    )

    users: Any = get_user_model()._default_manager
    key = {users.model.USERNAME_FIELD: username}
    user = users.filter(**key).first() or users.create_user(**key, password=secrets.token_hex())
    session = importlib.import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key)}
