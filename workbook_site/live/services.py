"""`site.start("huey")`: real processes beside the notebook, started once and ended with it."""

import inspect
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from workbook_site.live import files, shadows
from workbook_site.live.process import Process
from workbook_site.live.running import Running
from workbook_site.live.saying import Told
from workbook_site.live.steps import Steps
from workbook_site.live.web import Web
from workbook_site.reload import ProjectError
from workbook_site.services import huey, valkey, web
from workbook_site.services.process import NotStarted

UNKNOWN = "There is nothing to start that is called {kind!r}. There is: {kinds}."
BAD_OPTION = "{kind} has no option {option!r}. It has: {known}."
OTHER_KIND = "{name!r} is already the name of another process ({kind}). Give this one its own name."
STARTING = "Starting {name} …"
STARTED = "{name} runs, as process {pid}."
RESTARTED = "{name} was restarted: {why}."
OTHER_OPTIONS = "it has other options now"
CHANGED = "it ran the code as it was before {files} changed"
BREAKS_SITE = "With the new {variable} your project can't be loaded:\n{text}"

VALKEY_URL = "VALKEY_URL"
# Files that a running process has read once and for all.
CODE = ".py"


@dataclass
class _Started:
    """A process, what it was asked for, and the files as they were when it started."""

    kind: str
    options: dict[str, Any]
    process: Process
    picture: files.Picture


class Services:
    """The processes of one site, by name. They end with `stop_all`, and with this kernel."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._started: dict[str, _Started] = {}
        self._valkeys: dict[str, valkey.Address] = {}
        self._kinds: dict[str, Callable[..., Process]] = {
            "huey": self._huey,
            "uvicorn": self._uvicorn,
            "valkey": self._valkey,
        }

    def __iter__(self) -> Iterator[Process]:
        return iter([each.process for each in self._started.values()])

    def start(self, kind: str, name: str, options: dict[str, Any]) -> Process:
        """The process of this name: a new one, or the one that runs already.

        One that runs is started anew when its options are others now, or when it runs code that
        has changed since. Raises `Told`.
        """
        self._check(kind, options)
        before = self._started.get(name)
        if before and not before.process.running:
            before.process.stop()  # takes leave of one that ended by itself
        elif before:
            why = self._outdated(before, kind, options)
            if not why:
                return before.process
            before.process.stop()
            print(RESTARTED.format(name=name, why=why))
        picture = files.picture(self._running.folder)
        with Steps() as steps:
            steps.now(STARTING.format(name=name))
            try:
                process = self._kinds[kind](name, **options)
            except NotStarted as error:
                shadow = shadows.sentence(self._running.folder) if kind != "valkey" else ""
                raise Told("\n".join(filter(None, [shadow, str(error)]))) from None
            steps.now(STARTED.format(name=name, pid=process.pid))
        self._started[name] = _Started(kind, options, process, picture)
        return process

    def stop_all(self) -> None:
        """End them all, the last one first."""
        for process in reversed(list(self)):
            process.stop()

    # --- What there is ---

    def _huey(self, name: str, **options: Any) -> Process:
        return Process(name, huey.start(self._running.folder, name=name, **options))

    def _uvicorn(self, name: str, **options: Any) -> Process:
        return Web(name, web.start(self._running.folder, name=name, **options), self._running)

    def _valkey(self, name: str) -> Process:
        child, address = valkey.start(self._valkeys.get(name), name)
        self._valkeys[name] = address  # started again, it is where its clients look for it
        self._tell_project(address.url)
        return Process(name, child, address.url)

    def _tell_project(self, url: str) -> None:
        """Let the settings, and every process from now on, know of the Valkey that is there."""
        if os.environ.get(VALKEY_URL) == url:
            return
        os.environ[VALKEY_URL] = url
        try:
            self._running.reload()
        except ProjectError as error:
            print(BREAKS_SITE.format(variable=VALKEY_URL, text=error.text))

    # --- Starting twice ---

    def _check(self, kind: str, options: dict[str, Any]) -> None:
        if kind not in self._kinds:
            raise Told(UNKNOWN.format(kind=kind, kinds=", ".join(self._kinds)))
        known = _OPTIONS[kind]
        for option in options:
            if option not in known:
                told = ", ".join(known) or "none"
                raise Told(BAD_OPTION.format(kind=kind, option=option, known=told))

    def _outdated(self, before: _Started, kind: str, options: dict[str, Any]) -> str:
        """Why a running process won't do; empty when it will."""
        if before.kind != kind:
            raise Told(OTHER_KIND.format(name=before.process.name, kind=before.kind))
        if before.options != options:
            return OTHER_OPTIONS
        if kind == "valkey":
            return ""
        now = files.picture(self._running.folder)
        changed = files.changed(before.picture, now, self._running.folder)
        code = [path for path in changed if path.endswith(CODE)]
        return CHANGED.format(files=", ".join(code)) if code else ""


def _options(start: Callable[..., Any]) -> list[str]:
    named = inspect.signature(start).parameters.values()
    return [each.name for each in named if each.kind is each.KEYWORD_ONLY and each.name != "name"]


_OPTIONS = {"huey": _options(huey.start), "uvicorn": _options(web.start), "valkey": []}
