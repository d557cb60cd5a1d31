"""The site at a glance: address, apps, routes, database, channel layer, queue."""

import sys
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from workbook_site.live import migrations
from workbook_site.live.process import Process
from workbook_site.reload import loaded

# A project with more routes than this shows the first ones.
ROUTES = 20

_TERM = "font-weight:600;padding:1px 14px 1px 0;text-align:left;vertical-align:top;border:0"
_TEXT = "padding:1px 0;text-align:left;vertical-align:top;border:0"
_TABLE = "border-collapse:collapse;font-size:13px;background:none;color:inherit;margin:2px 0"

NOT_LOADED = "not loaded yet: mend the error, then run its cell again"
NONE = "none"

Fact = tuple[str, list[str]]


def text(url: str, folder: Path, processes: Iterable[Process] = ()) -> str:
    """For a terminal: one fact a line."""
    lines = []
    for name, values in _facts(url, folder, processes):
        for number, value in enumerate(values):
            lines.append(f"{'' if number else name:<11}{value}")
    return "\n".join(lines)


def html(url: str, folder: Path, processes: Iterable[Process] = ()) -> str:
    """For a notebook, in light and in dark."""
    rows = []
    for name, values in _facts(url, folder, processes):
        told = "<br>".join(_linked(value) if value == url else escape(value) for value in values)
        cells = (
            f'<th scope="row" style="{_TERM}">{escape(name)}</th><td style="{_TEXT}">{told}</td>'
        )
        rows.append(f"<tr>{cells}</tr>")
    return f'<table style="{_TABLE}"><tbody>{"".join(rows)}</tbody></table>'


def front(folder: Path) -> str:
    """The page to begin with: `/`, or `/blog/` where nothing answers there but the front page of
    an app of the project. `/` as well where nothing does."""
    if loaded() is None:
        return "/"
    patterns = get_resolver().url_patterns
    own = [each for each in patterns if isinstance(each, URLResolver) and _is_own(each, folder)]
    paths = ["/", *(f"/{each.pattern}" for each in own)]
    return next((path for path in paths if "<" not in path and _answers(path)), "/")


def _answers(path: str) -> bool:
    try:
        resolve(path)
    except Exception:  # a converter of the project's own may raise anything
        return False
    return True


def _facts(url: str, folder: Path, processes: Iterable[Process]) -> Iterator[Fact]:
    yield "address", [url]
    yield "project", [str(folder)]
    running = [each.facts() for each in processes if each.running]
    if running:
        yield "processes", running
    if loaded() is None:
        yield "state", [NOT_LOADED]
        return
    yield "apps", [", ".join(config.label for config in migrations.own(folder)) or NONE]
    yield "routes", _shortened(list(_routes(get_resolver().url_patterns, "/", folder)))
    yield "database", [_database(each) for each in settings.DATABASES.values()]
    yield "layer", [_layer()]
    yield "queue", [_queue()]


def _routes(patterns: list[Any], prefix: str, folder: Path) -> Iterator[str]:
    """Each route and its view; what a library brings along is one line."""
    for each in patterns:
        route = prefix + str(each.pattern).removeprefix("^")
        if isinstance(each, URLPattern):
            yield f"{route}  {_view(each)}"
        elif isinstance(each, URLResolver) and _is_own(each, folder):
            yield from _routes(each.url_patterns, route, folder)
        else:
            yield f"{route}…  {each.app_name or each.namespace or 'included'}"


def _is_own(resolver: URLResolver, folder: Path) -> bool:
    urlconf: Any = resolver.urlconf_name
    if isinstance(urlconf, str):
        urlconf = sys.modules.get(urlconf)
    if isinstance(urlconf, list | tuple):
        return not resolver.app_name
    return Path(getattr(urlconf, "__file__", "") or "/").is_relative_to(folder)


def _view(pattern: URLPattern) -> str:
    return str(pattern.lookup_str)


def _shortened(routes: list[str]) -> list[str]:
    more = [f"… and {len(routes) - ROUTES} more"] if len(routes) > ROUTES else []
    return [*routes[:ROUTES], *more] or [NONE]


def _database(database: dict[str, Any]) -> str:
    kind = database["ENGINE"].rpartition(".")[2]
    return f"{kind}  {database['NAME']}"


def _layer() -> str:
    layers = getattr(settings, "CHANNEL_LAYERS", {})
    return ", ".join(each["BACKEND"].rpartition(".")[2] for each in layers.values()) or NONE


def _queue() -> str:
    """huey's or Celery's, by what the settings say."""
    huey = getattr(settings, "HUEY", None)
    if isinstance(huey, dict):
        return str(huey.get("huey_class", "huey.RedisHuey"))
    if huey is not None:
        return type(huey).__name__
    return str(getattr(settings, "CELERY_BROKER_URL", "") or NONE)


def _linked(url: str) -> str:
    address = escape(url)
    return f'<a href="{address}" target="_blank" rel="noopener">{address}</a>'
