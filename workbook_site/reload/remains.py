"""What a project leaves in Django besides its modules, set aside and put back.

Each function takes `gone`, which says of a module's name whether it is dropped, removes what
those modules had put into one of Django's registries, and returns what puts it back.
"""

import sys
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.apps import apps
from django.core.checks import registry as checks
from django.db.models import Model
from django.dispatch import Signal
from django.urls import converters, resolvers

Gone = Callable[[str], bool]
Undo = Callable[[], None]

# Django's own names for what it keeps; its type stubs leave them out.
_apps: Any = apps
_converters: Any = converters
_resolvers: Any = resolvers

_READY = ("apps_ready", "models_ready", "ready", "loading")
Models = dict[str, type[Model]]


def registry(gone: Gone) -> Undo:
    """The app registry forgets the dropped models and all app configurations."""
    configs, flags = apps.app_configs, {name: getattr(apps, name) for name in _READY}
    pending = dict(apps._pending_operations)
    models = dict(apps.all_models)
    # New dictionaries, since the old app configurations look into the old ones.
    _replace_models({label: _kept(found, gone) for label, found in models.items()})
    _keep_pending(gone)
    apps.app_configs = {}
    for name in _READY:
        setattr(apps, name, False)
    forget_relations()

    def put_back() -> None:
        _replace_models(_with_newly_imported(models, gone))
        apps._pending_operations = defaultdict(list, pending)
        apps.app_configs = configs
        for name, value in flags.items():
            setattr(apps, name, value)
        forget_relations()

    return put_back


def reverse_relations(gone: Gone) -> Undo:
    """`user.post_set` and its like leave the models that stay."""
    removed = []
    for model in _all_models():
        for name, value in list(vars(model).items()):
            related = _related_model(value)
            if related is not None and gone(related.__module__) and not gone(model.__module__):
                removed.append((model, name, value))
                delattr(model, name)

    def put_back() -> None:
        for model, name, value in removed:
            setattr(model, name, value)

    return put_back


def receivers(gone: Gone) -> Undo:
    """Signals no longer call the dropped modules."""
    before = [(signal, list(signal.receivers)) for signal in _signals()]
    for signal, found in before:
        _connect(signal, [each for each in found if not gone(_module(_live(each[1])))])

    def put_back() -> None:
        for signal, found in before:
            _connect(signal, found)

    return put_back


def system_checks(gone: Gone) -> Undo:
    """Checks that the project registered."""
    found = checks.registry
    before = set(found.registered_checks), set(found.deployment_checks)
    found.registered_checks = {each for each in before[0] if not gone(_module(each))}
    found.deployment_checks = {each for each in before[1] if not gone(_module(each))}

    def put_back() -> None:
        found.registered_checks, found.deployment_checks = before

    return put_back


# Checks of libraries that are imported, and not installed as apps any more.
_idle_checks: set[Any] = set()


def settle_checks() -> None:
    """Once the apps are known: a library's check counts only while its app is installed.

    A library registers its check when it is imported, which happens once; daphne's would go on to
    find fault with a project that has done away with daphne.
    """
    registered = checks.registry.registered_checks
    known = registered | _idle_checks
    _idle_checks.clear()
    _idle_checks.update(each for each in known if _of_an_app_not_installed(_module(each)))
    checks.registry.registered_checks = known - _idle_checks


def _of_an_app_not_installed(module: str) -> bool:
    package = module.partition(".")[0]
    if package == "django" or f"{package}.apps" not in sys.modules:
        return False
    return not any(f"{config.name}.".startswith(f"{package}.") for config in apps.get_app_configs())


def path_converters(gone: Gone) -> Undo:
    """Path converters: registering one twice is an error of Django's."""
    before = dict(converters.REGISTERED_CONVERTERS)
    _set_converters({n: each for n, each in before.items() if not gone(type(each).__module__)})
    return partial(_set_converters, before)


def admin_site(gone: Gone) -> Undo:
    """The admin's default site is made anew; its registrations come from `admin.py` modules."""
    sites: Any = sys.modules.get("django.contrib.admin.sites")
    if sites is None:
        return lambda: None
    from django.utils.functional import empty

    default, every = sites.site._wrapped, list(sites.all_sites)
    sites.site._wrapped = empty
    sites.all_sites.clear()

    def put_back() -> None:
        sites.site._wrapped = default
        sites.all_sites.clear()
        sites.all_sites.update(every)

    return put_back


EVERY = (registry, reverse_relations, receivers, system_checks, path_converters, admin_site)


def apps_that_refer_to(gone: Gone) -> set[str]:
    """Packages of libraries whose models point at dropped models (a custom user's admin log).

    Their classes hold the old model, so they are dropped too, and what points at them in turn.
    """
    packages: set[str] = set()
    while True:
        more = {
            config.name
            for config in apps.app_configs.values()
            if config.name not in packages
            and not gone(config.name)
            and any(_points_at(model, gone, packages) for model in config.get_models())
        }
        if not more:
            return packages
        packages |= more


def _points_at(model: type[Model], gone: Gone, packages: set[str]) -> bool:
    roots = tuple(f"{package}." for package in packages)
    if model.__module__.startswith(roots) if roots else False:
        return False
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        target = field.remote_field.model if field.remote_field else None
        if isinstance(target, type) and (
            gone(target.__module__) or (roots and target.__module__.startswith(roots))
        ):
            return True
    return False


def _kept(models: Models, gone: Gone) -> Models:
    """Without the dropped ones, and without those of modules whose import failed half-way."""
    return {
        name: model
        for name, model in models.items()
        if not gone(model.__module__) and model.__module__ in sys.modules
    }


def _with_newly_imported(before: dict[str, Models], gone: Gone) -> dict[str, Models]:
    """The models of before, and those of libraries that were imported since.

    A library stays imported when a load fails; were its models forgotten, it would be broken.
    """
    merged = dict(before)
    for label, models in apps.all_models.items():
        for name, model in _kept(models, gone).items():
            merged.setdefault(label, {}).setdefault(name, model)
    return merged


def _replace_models(models: dict[str, Models]) -> None:
    apps.all_models.clear()
    apps.all_models.update(models)


def forget_relations() -> None:
    """Caches of reverse relations, on every model that any library or project registered."""
    _apps.get_models.cache_clear()
    _apps.get_swappable_settings_name.cache_clear()
    for model in _all_models():
        options: Any = model._meta
        options._expire_cache()
        vars(options).pop("swapped", None)


def _all_models() -> Iterator[type[Model]]:
    for models in list(apps.all_models.values()):
        yield from list(models.values())


def _related_model(descriptor: object) -> type[Model] | None:
    relation = getattr(descriptor, "rel", None) or getattr(descriptor, "related", None)
    found = getattr(relation, "related_model", None)
    return found if isinstance(found, type) else None


def _keep_pending(gone: Gone) -> None:
    """Operations that wait for a model, without those that dropped models ordered."""
    waiting = {
        key: [each for each in functions if not _speaks_of_dropped(each, gone)]
        for key, functions in apps._pending_operations.items()
    }
    apps._pending_operations = defaultdict(list, {k: v for k, v in waiting.items() if v})


def _speaks_of_dropped(function: Any, gone: Gone) -> bool:
    arguments = (*getattr(function, "args", ()), *getattr(function, "keywords", {}).values())
    if any(gone(getattr(each, "__module__", None) or "") for each in arguments):
        return True
    inner = getattr(function, "func", None)
    return inner is not None and _speaks_of_dropped(inner, gone)


def _signals() -> Iterator[Signal]:
    """The signals that live in modules named after them, as Django and its libraries do."""
    seen: set[int] = set()
    for name, module in list(sys.modules.items()):
        if "signals" not in name and name != "django.utils.autoreload":
            continue
        for value in list(vars(module).values()):
            if isinstance(value, Signal) and id(value) not in seen:
                seen.add(id(value))
                yield value


def _connect(signal: Signal, found: list[Any]) -> None:
    with signal.lock:
        signal.receivers = found
        signal.sender_receivers_cache.clear()


def _live(receiver: Any) -> Any:
    return receiver() if isinstance(receiver, weakref.ReferenceType) else receiver


def _module(function: Any) -> str:
    """Name of the module that a receiver or check belongs to."""
    while isinstance(function, partial):
        function = function.func
    return getattr(function, "__module__", None) or type(function).__module__


def _set_converters(found: dict[str, Any]) -> None:
    converters.REGISTERED_CONVERTERS.clear()
    converters.REGISTERED_CONVERTERS.update(found)
    _converters.get_converters.cache_clear()
    _resolvers._route_to_regex.cache_clear()
