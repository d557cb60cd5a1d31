"""The transaction: set the old project aside, bring in the new one, or put the old one back."""

import importlib
import os
import sys
import threading
from collections.abc import (
    Awaitable,
    Callable,
    Container,
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
)
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import ENVIRONMENT_VARIABLE, Settings, settings
from django.core import checks
from django.core.checks.registry import CheckRegistry
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import SystemCheckError
from django.utils.functional import empty
from django.utils.log import configure_logging

from workbook_site.reload import caches, modules, remains, source
from workbook_site.reload.error import ProjectError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApplication = Callable[[Scope, Receive, Send], Awaitable[None]]
Overrides = Mapping[str, Any] | Callable[[Settings], Mapping[str, Any]]

NO_APPLICATION = "{module} has no `application`: `application = get_asgi_application()` makes one."
STUCK = (
    "A file of the project has been importing for {n:g} seconds in another thread and does not "
    "end. Look for a loop or a wait at the top level of a file; then restart the kernel."
)
CHECKS_FAILED = "Django's system check found {n} {problems}:\n\n{messages}"


@dataclass
class _Project:
    """What is loaded: where it lies, and the settings it was loaded with, as text.

    `gone`: it has made way; nothing of it is left but what caches know of its settings.
    """

    folder: Path
    settings: dict[str, str]
    packages: set[str] = field(default_factory=set)
    gone: bool = False


# Seconds to wait for another thread's load. Imports take milliseconds, so that one is stuck.
PATIENCE = 10.0

_lock = threading.RLock()
_current: _Project | None = None


def loaded() -> Path | None:
    """The folder of the project that serves now; None before the first load that succeeds."""
    return _current.folder if _current else None


def load(
    folder: Path | str,
    settings_module: str = "mysite.settings",
    overrides: Overrides | None = None,
    *,
    check: bool | Container[str] = True,
    also: Iterable[str] = (),
) -> ASGIApplication:
    """Load the Django project in `folder`, in place of the one that is loaded; its application.

    Settings come from `settings_module`, then from `overrides`: names and values, or a function
    that is given the project's own settings and answers with them. With `check`, Django's system
    checks must find no error; where it is a collection of tags, of Django's own checks only those
    with one of them are made. `also` names modules that are to be imported too, even when nothing
    in the project imports them. The call blocks, and the project's code runs in the calling thread:
    nothing else may use the project meanwhile.

    Raises `ProjectError` for whatever the project's own code raises, even SystemExit. The project
    loaded before is then back, whole. KeyboardInterrupt goes through, likewise after the repair.
    """
    global _current
    folder = Path(folder).resolve()
    with _alone(), ExitStack() as undo:
        before = _current
        if before is None:
            caches.watch_connections()
        if before is None or not before.gone:
            _set_aside(before, folder, undo)
        try:
            application, _current = _bring_in(folder, settings_module, overrides or {}, before)
            for name in also:
                importlib.import_module(name)
            if check is not False:
                _check(None if check is True else check)
        except KeyboardInterrupt:
            _current = before
            raise
        except BaseException as error:
            _current = before
            raise ProjectError(error, folder) from None
        undo.pop_all()
        return application


def make_way() -> None:
    """Take the loaded project out for good. A load in a fork of this process then finds nothing to
    take out: it would look at all that is loaded, and each look copies a page of memory.

    The libraries stay. A load that fails from then on leaves the process without any project.
    """
    with _alone(), ExitStack() as undo:
        if _current is not None and not _current.gone:
            _set_aside(_current, None, undo)
            undo.pop_all()
            _current.gone = True
            known = caches.changed(_current.settings, _current.settings, _current.packages)
            caches.announce(known - {caches.AFTER_MODELS})


class Stuck(RuntimeError):
    """Another thread is in the middle of a load that doesn't end."""


@contextmanager
def _alone() -> Iterator[None]:
    if not _lock.acquire(timeout=PATIENCE):
        raise Stuck(STUCK.format(n=PATIENCE))
    try:
        yield
    finally:
        _lock.release()


def _set_aside(before: _Project | None, folder: Path | None, undo: ExitStack) -> None:
    """Take the loaded project out of the process, for the one in `folder` if there is one; what
    `undo` unwinds last comes first here."""
    undo.callback(_put_back_settings, before, settings._wrapped, os.environ.get("TZ"))
    names = set(modules.below(modules.BOUND_TO_SETTINGS))
    if before is not None:
        undo.callback(_serve_again, before.folder, folder)
        names |= modules.of(before.folder)
        names |= modules.below(remains.apps_that_refer_to(names.__contains__))
    names |= _admin_modules(names)
    for each in remains.EVERY:
        undo.callback(each(names.__contains__))
    undo.callback(modules.set_aside(names, folder))
    if before is not None and before.folder != folder:
        source.forget(before.folder)


def _admin_modules(gone: set[str]) -> set[str]:
    """The libraries' `admin` modules: the new default site wants their registrations again."""
    if "django.contrib.admin" not in sys.modules:
        return set()
    found = (f"{config.name}.admin" for config in apps.app_configs.values())
    return {name for name in found if name in sys.modules} - gone


def _bring_in(
    folder: Path, settings_module: str, overrides: Overrides, before: _Project | None
) -> tuple[ASGIApplication, _Project]:
    source.serve(folder)
    source.refresh(folder)
    os.environ[ENVIRONMENT_VARIABLE] = settings_module
    now = _read_settings(settings_module, overrides)
    project = _Project(folder, caches.picture(now), _packages(folder))
    settings._wrapped = now
    _follow(project, before)
    apps.populate(settings.INSTALLED_APPS)
    remains.forget_relations()
    remains.settle_checks()
    if settings.AUTH_USER_MODEL != "auth.User" or _differ(project, before, caches.AFTER_MODELS):
        caches.announce([caches.AFTER_MODELS])
    caches.forget()
    importlib.import_module(settings.ROOT_URLCONF)
    return _application(settings_module), project


def _read_settings(settings_module: str, overrides: Overrides) -> Settings:
    """The settings, complete before anybody sees them: other threads may ask meanwhile."""
    now: Any = Settings(settings_module)
    told = overrides(now) if callable(overrides) else overrides
    for name, value in told.items():
        setattr(now, name, value)
        now._explicit_settings.add(name)
    return now  # type: ignore[no-any-return]


def _follow(project: _Project, before: _Project | None) -> None:
    """Let logging and all caches follow the new settings."""
    if before is None or _differ(project, before, "LOGGING", "LOGGING_CONFIG"):
        configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    if before is not None:
        packages = () if before.gone else project.packages
        names = caches.changed(before.settings, project.settings, packages)
        names -= caches.ALWAYS if before.gone else frozenset()
        caches.announce(names - {caches.AFTER_MODELS})


def _differ(project: _Project, before: _Project | None, *names: str) -> bool:
    old = before.settings if before else project.settings
    return any(old.get(name) != project.settings.get(name) for name in names)


def _packages(folder: Path) -> set[str]:
    """Names that a dotted path into the project starts with."""
    found = {each.name for each in folder.iterdir() if each.is_dir() and each.name.isidentifier()}
    return found | {each.stem for each in folder.glob("*.py")}


def _application(settings_module: str) -> ASGIApplication:
    """What `uvicorn mysite.asgi:application` would serve."""
    package = settings_module.rpartition(".")[0]
    module = importlib.import_module(f"{package}.asgi" if package else "asgi")
    application: ASGIApplication | None = getattr(module, "application", None)
    if application is None:
        raise ImproperlyConfigured(NO_APPLICATION.format(module=module.__file__))
    return application


def _check(tags: Container[str] | None) -> None:
    """Django's system checks, without those that ask a database. `tags`: see `load`."""
    chosen = CheckRegistry()
    chosen.registered_checks = {
        each
        for each in checks.registry.registry.registered_checks
        if tags is None
        or not each.__module__.startswith("django.")
        or any(tag in tags for tag in each.tags)
    }
    found = [each for each in chosen.run_checks() if each.is_serious(checks.ERROR)]
    serious = [each for each in found if not each.is_silenced()]
    if serious:
        messages = "\n\n".join(str(each) for each in serious)
        problems = "error" if len(serious) == 1 else "errors"
        raise SystemCheckError(
            CHECKS_FAILED.format(n=len(serious), problems=problems, messages=messages)
        )


def _serve_again(before: Path, failed: Path | None) -> None:
    if failed is not None and before != failed:
        source.forget(failed)
        source.serve(before)


def _put_back_settings(before: _Project | None, wrapped: Any, zone: str | None) -> None:
    """The old settings, and all caches made to follow them. Unwound last: it needs the rest."""
    tried = settings._wrapped
    settings._wrapped = wrapped
    if zone is not None:
        os.environ["TZ"] = zone
    if before is None or wrapped is empty:
        return
    now = caches.picture(tried)
    names = caches.changed(before.settings, now, before.packages)
    if _differ(_Project(before.folder, now), before, "LOGGING", "LOGGING_CONFIG"):
        configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    caches.announce(names | {caches.AFTER_MODELS})
    caches.forget()
