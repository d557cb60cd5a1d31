"""The learner's project as it runs: its files, the application behind the door, the server.

Three things bring in new code: a cell that saved a file, a file that was edited elsewhere and is
noticed before the next cell, and one that is noticed at the next request. A version that can't be
loaded leaves the last good one serving.
"""

import asyncio
import html
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as TooLong
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from workbook_site import reload
from workbook_site.live import files, where
from workbook_site.live.databases import Databases
from workbook_site.live.door import Door
from workbook_site.live.lifespan import Lifespan, StartupFailed
from workbook_site.live.quiet import quieten
from workbook_site.live.saying import Told, named
from workbook_site.live.server import PATIENCE, Hung, Server, listen
from workbook_site.live.static import with_static_files
from workbook_site.reload import ASGIApplication, ProjectError, Receive, Scope, Send

T = TypeVar("T")

SETTINGS = "mysite.settings"

# What Django says of a model whose app isn't installed.
NOT_INSTALLED = "isn't in an application in INSTALLED_APPS"

# Seconds: between two looks at the disk while requests are open, and for a lifespan's startup.
LOOK = 0.05
STARTUP = 10.0

HUNG = "{what} blocked the site's event loop for good, so {done}. It was at {place}"
A_VIEW, THE_START = "A view", "The start of your ASGI application (its lifespan)"
STILL_HUNG = "The site's event loop does not turn, not even after a restart. Restart the kernel."
BROKEN_OFF = "it was broken off"
LEFT_BEHIND = "the site was restarted on the same port"
UNKNOWN_PLACE = "a place outside your project."

EDITED = (
    "Changed on disk, and can't be loaded: {files}. The site serves what it had before.\n{text}"
)
DELETED = """\
Deleted, and the project can't be loaded without: {files}. The site serves what it had before.
Run the cell with `boot(...)` again: it puts back what the chapters gave.
{text}"""
MOVED = "the site was restarted, and is at {url} now: its own port was taken by another program"
NOT_STARTED = "The lifespan of your ASGI application did not start: {why}"
SLOW_START = f"it did not answer lifespan.startup within {STARTUP:g} seconds"

NO_VERSION_YET = """\
<!doctype html><meta charset="utf-8"><title>Not loaded yet</title>
<h1>The project can't be loaded yet</h1>
<p>Mend it in its cell, or in the editor, and load this page again.</p><pre>{text}</pre>"""


class Running:
    """A project in `folder`, served at `server.url` between `start` and `stop`.

    `error` is why the files on disk can't be loaded, None when they are what serves.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listening = listen()
        self.door = Door(nothing_yet("It is being loaded."), listening.getsockname()[1])
        self.server = Server(self.door, listening)
        self.error: ProjectError | None = None
        # Told after each load that succeeded, in the thread that loaded, with the loop held still.
        self.after_load: list[Callable[[], None]] = []
        self._notices: list[str] = []
        self._wanted: set[str] = set()  # modules whose names the notebook holds
        self._seen: files.Picture = {}
        self._databases = Databases(folder)
        self._looked = 0.0
        self._lock = threading.RLock()
        self._application: ASGIApplication | None = None
        self._fresh: ASGIApplication | None = None  # loaded, its lifespan not started yet
        self._lifespan: Lifespan | None = None
        self._starting: asyncio.Future[None] | None = None

    def start(self) -> None:
        """Load and serve. When the project can't be loaded, a page says why until it can be."""
        try:
            self._load()
        except ProjectError as error:
            self.door.application = nothing_yet(error.text)
        self.server.start()
        self._await_startup()
        self.door.before_request = self.follow

    def stop(self) -> None:
        """Let the application shut down, and give up the port."""
        if self._lifespan is not None:
            ending = self.server.submit(self._lifespan.end())
            try:
                ending.result(STARTUP)
            except TooLong:
                ending.cancel()
        self.server.stop()

    def reload(self, module: str | None = None) -> bool:
        """Load what is on disk now, from a cell; False when Django doesn't want `module` yet.

        The module is imported too, now and at each later load, even when nothing in the project
        imports it: the notebook holds its names. Raises `ProjectError`, and the last good version
        serves on.
        """
        part = self._with_loop_held(lambda: self._load_with(module))
        self._await_startup()
        return part

    def edited(self) -> list[str]:
        """Files that differ from what was loaded, or tried, last; relative paths."""
        return files.changed(self._seen, files.picture(self.folder), self.folder)

    def follow_from_cell(self) -> None:
        """Load files that were edited elsewhere, if there are any, between two requests."""
        self._notices += self._databases.follow()
        if self.edited():
            self._with_loop_held(self._take_edits)
            self._await_startup()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Nobody else brings in new code inside this block, for whoever looks at all that is
        loaded, in whichever thread. Requests go on, with what serves."""
        with self._lock:
            yield

    async def follow(self) -> None:
        """The same, in the server's loop, before a request goes through the door; later, where
        somebody needs what is loaded at this moment."""
        now = time.perf_counter()
        if not self.door.open or now - self._looked > LOOK:
            self._looked = now
            self._notices += self._databases.follow()
            if self.edited() and self._lock.acquire(blocking=False):
                try:
                    self._take_edits()
                finally:
                    self._lock.release()
        if self._fresh is not None:
            self._starting = asyncio.ensure_future(self._succeed())
        if self._starting is not None:
            await asyncio.wait([self._starting])

    def as_loaded(self) -> None:
        """The files on disk are those that are loaded: the workbook itself wrote them so."""
        self._seen = files.picture(self.folder)
        self.error = None

    def notices(self) -> list[str]:
        """What happened since the last cell that the learner should know; told once."""
        told, self._notices = self._notices, []
        return told

    def unblock(self, patience: float) -> str:
        """Set the server's loop free if it doesn't turn within `patience` seconds; what was done.

        Empty when it turns.
        """
        try:
            with self.server.held_still(patience):
                return ""
        except Hung as hung:
            return self._set_free(hung)

    def _with_loop_held(self, work: Callable[[], T]) -> T:
        try:
            with self.server.held_still(), self._lock:
                return work()
        except Hung as hung:
            self._notices.append(self._set_free(hung))
        try:
            with self.server.held_still(), self._lock:
                return work()
        except Hung as hung:
            raise Told(STILL_HUNG) from hung

    def _set_free(self, hung: Hung) -> str:
        starts = where.runs(hung.frame, Lifespan.live)
        told = {
            "what": THE_START if starts else A_VIEW,
            "place": where.innermost(hung.frame, self.folder) or UNKNOWN_PLACE,
        }
        if self.server.break_free():
            return HUNG.format(done=BROKEN_OFF, **told)
        moved = self.server.restart()
        # What belonged to the loop that is left behind starts anew in the new one, but for a start
        # that would block that one, too.
        self.door.open.clear()
        self._lifespan, self._starting = None, None
        self._fresh = None if starts else self._application
        self._await_startup()
        self.door.port = self.server.port
        return HUNG.format(done=MOVED.format(url=self.server.url) if moved else LEFT_BEHIND, **told)

    def _take_edits(self) -> None:
        edited = self.edited()
        try:
            self._load_with(None)
        except ProjectError as error:
            gone = [path for path in edited if not (self.folder / path).exists()]
            told, paths = (DELETED, gone) if gone else (EDITED, edited)
            self._notices.append(told.format(files=named(paths), text=error.text))

    def _load_with(self, module: str | None) -> bool:
        """Load, with the modules whose names the notebook holds; whether `module` is one now."""
        wanted = {name for name in self._wanted if self._exists(name)}
        try:
            self._load(wanted | {module} if module else wanted)
        except ProjectError as error:
            # Models are often written before their app is installed; that is no mistake.
            if NOT_INSTALLED not in str(error.cause):
                raise
            self._wanted = set()
            self._load()
            return False
        self._wanted = wanted | {module} if module else wanted
        return True

    def _exists(self, module: str) -> bool:
        path = self.folder.joinpath(*module.split("."))
        return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()

    def _load(self, also: Iterable[str] = ()) -> None:
        # The picture is taken first: what is saved while we load is loaded next time.
        self._seen = files.picture(self.folder)
        try:
            application = reload.load(self.folder, SETTINGS, also=also)
        except ProjectError as error:
            self.error = error
            raise
        quieten()
        self.error = None
        self._fresh = self._application = application
        self.door.application = with_static_files(application)
        for told in self.after_load:
            told()

    def _await_startup(self) -> None:
        """From a cell: wait until the new application's lifespan has started."""
        starting = self.server.submit(self._start_in_loop())
        try:
            starting.result(STARTUP + 1)
        except TooLong:
            starting.cancel()
            if hung := self.unblock(PATIENCE):
                self._notices.append(hung)

    async def _start_in_loop(self) -> None:
        if self._fresh is not None:
            self._starting = asyncio.ensure_future(self._succeed())
            await asyncio.wait([self._starting])

    async def _succeed(self) -> None:
        """Start the new application's life, then end the old one's."""
        assert self._fresh is not None
        old, self._lifespan = self._lifespan, Lifespan(self._fresh)
        self._fresh = None
        try:
            await asyncio.wait_for(self._lifespan.start(), STARTUP)
        except StartupFailed as failed:
            self._notices.append(NOT_STARTED.format(why=failed))
        except TimeoutError:
            self._notices.append(NOT_STARTED.format(why=SLOW_START))
        self.door.state = self._lifespan.state
        self._starting = None
        if old is not None:
            await old.end()


def nothing_yet(text: str) -> ASGIApplication:
    """An application that says that there is none yet, and why."""
    page = NO_VERSION_YET.format(text=html.escape(text)).encode()
    headers = [(b"content-type", b"text/html; charset=utf-8")]

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": page})

    return answer
