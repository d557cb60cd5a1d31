"""`site`: what a learner holds of the live site. `await site.get("/")`, `site.show("/")` ..."""

import asyncio
import functools
import gc
import itertools
import sys
import warnings
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from workbook_site.live import migrations, overview, picture, trouble, visitor, where
from workbook_site.live.answer import Answer
from workbook_site.live.door import Door, Request
from workbook_site.live.modelwatch import ModelWatch
from workbook_site.live.running import Running
from workbook_site.live.saying import Told, as_learners, saying
from workbook_site.live.services import Services
from workbook_site.live.show import Page, Pane
from workbook_site.live.socket import Socket, opened
from workbook_site.live.upstream import Outside
from workbook_site.reload import ProjectError

if TYPE_CHECKING:
    from workbook_site.live.load import Load
    from workbook_site.live.timeline import Timeline

T = TypeVar("T")

# Seconds for the server's loop to turn, once a request has got no answer in its time.
UNBLOCK = 0.5

NO_ANSWER = """\
{asked} has not answered within {seconds:g} seconds. {where}
The request was given up. To wait longer: site.patience = 60, or timeout=60 for one request."""

GIVEN_UP = "You interrupted the wait for {asked}. {where}"
HUNG_UP = "The site hung up on {asked} before it had answered ({why})."
NO_PATH = """\
A request goes to a path of your site, and a path begins with a slash: not {path!r}.
Write it as in await site.get("/posts/")."""

STILL_AT = "The view is still at\n\n    {place}\n"
NOWHERE = "It waits at no line of your project."
NEVER_CAME = "It did not come to the door of the site at all: something blocks the site's loop."
INTERRUPTED = "You interrupted the cell, and what ran in the site's loop for it."
STOPPED = "The site was stopped. Run the cell with `boot(...)` again."


class Site:
    """The learner's project, running in this notebook.

    `url` is its address, `patience` the seconds that a request waits for its answer, `upstream`
    the slow outside services.
    """

    def __init__(
        self, running: Running, upstream: Outside, models: ModelWatch, chapter: str
    ) -> None:
        self.running = running
        self.upstream = upstream
        self.models = models
        self.chapter = chapter
        self.patience = 10.0
        self.stopped = False
        self.at_end: list[Callable[[], None]] = []  # called once it is stopped
        self.services = Services(running)
        self._clients = visitor.Clients()
        self._asking, self._erred = 0, False
        self._shown = itertools.count(1)

    @property
    def url(self) -> str:
        """Where it answers, without a slash at the end."""
        return self.running.server.url

    @property
    def door(self) -> Door:
        """What every request passes; see `live.door`."""
        return self.running.door

    # --- Requests ---

    async def request(
        self,
        method: str,
        path: str,
        *,
        user: str | None = None,
        timeout: float | None = None,
        **options: Any,
    ) -> Answer:
        """Send one request; the answer. `options` are httpx's: params, json, data, headers ...

        `user` is logged in first, and made when missing. What may change something bears a CSRF
        token; `csrf=False` leaves it out.

        Waits `timeout` seconds, else `site.patience`. The error then says which line of the
        project the view is still at.
        """
        if not path.startswith("/"):
            raise Told(NO_PATH.format(path=path))
        seconds = self.patience if timeout is None else timeout
        client = self._clients.of(user)
        sent = await visitor.dressed(self.running, client, method, user, options)
        sending = asyncio.ensure_future(client.request(method, self.url + path, **sent))
        self._asking += 1
        try:
            await asyncio.wait({sending}, timeout=seconds)
            if not sending.done():
                raise Told(await self._no_answer(method, path, seconds))
            response = sending.result()
            self._erred |= response.is_server_error
        except asyncio.CancelledError as cancelled:
            where = self._where(method, path)
            saying(cancelled, GIVEN_UP.format(asked=f"{method} {path}", where=where))
            raise
        except httpx.ConnectError:
            raise Told(STOPPED) from None
        except httpx.TransportError as error:
            raise Told(HUNG_UP.format(asked=f"{method} {path}", why=error)) from None
        finally:
            sending.cancel()
            self._asking -= 1
            self._clear_up()
        return Answer.of(response, str(self.running.folder))

    async def get(self, path: str, **options: Any) -> Answer:
        """`await site.get("/posts/", params={"page": 2})`."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> Answer:
        """`await site.post("/posts/", json={"title": "..."})`."""
        return await self.request("POST", path, **options)

    async def put(self, path: str, **options: Any) -> Answer:
        """As `post`, with PUT."""
        return await self.request("PUT", path, **options)

    async def patch(self, path: str, **options: Any) -> Answer:
        """As `post`, with PATCH."""
        return await self.request("PATCH", path, **options)

    async def delete(self, path: str, **options: Any) -> Answer:
        """As `get`, with DELETE."""
        return await self.request("DELETE", path, **options)

    def _clear_up(self) -> None:
        """What an error had in hand, such as a coroutine that nobody awaited, Python mutters about
        when it is thrown away: below this cell, not below a later one. Collecting halts the site
        for a moment, so it waits until nobody is still to be answered."""
        if self._erred and not self._asking:
            self._erred = False
            with warnings.catch_warnings(record=True) as muttered:
                warnings.simplefilter("always")
                gc.collect()
            for each in muttered:  # where it was thrown away says nothing to a learner
                print(f"{each.category.__name__}: {each.message}", file=sys.stderr)

    async def _no_answer(self, method: str, path: str, seconds: float) -> str:
        """What to say of a request without answer. Looks before the request is given up: Django
        cancels the view of a client that has gone."""
        where = self._where(method, path)
        told = NO_ANSWER.format(asked=f"{method} {path}", seconds=seconds, where=where)
        hung = await asyncio.to_thread(self.running.unblock, UNBLOCK)
        return f"{told}\n{hung}".rstrip()

    def _where(self, method: str, path: str) -> str:
        waiting = [
            each
            for each in self.running.door.open.values()
            if each.method == method and each.path.startswith(path)
        ]
        return self._still_at(waiting[-1]) if waiting else NEVER_CAME

    def _still_at(self, request: Request) -> str:
        place = where.of_request(request, self.running.server, self.running.folder)
        return STILL_AT.format(place=place) if place else NOWHERE

    def socket(self, path: str, **options: Any) -> AbstractAsyncContextManager[Socket]:
        """A WebSocket: `async with site.socket("/ws/chat/lobby/", user="ada") as ws: ...`.

        Options: user (logged in first, made when missing), origin (this site's own unless told;
        None leaves it out), headers, subprotocols, patience. See `live.socket.Socket`.
        """
        if not path.startswith("/"):
            raise Told(NO_PATH.format(path=path))
        options = {"patience": self.patience, **options}
        return opened(self.url, path, running=self.running, **options)

    # --- Looking ---

    def show(self, path: str = "/", height: int = 300) -> Page:
        """The live page under the cell. `height` is in pixels."""
        return self._page(height, Pane(path))

    def show_two(
        self,
        path: str = "/",
        other: str | None = None,
        labels: tuple[str, str] = ("First", "Second"),
        height: int = 300,
    ) -> Page:
        """The live page twice, side by side; the second at another address when `other` says so.

        Both are the same browser, with the same cookies: whoever is logged in is so in both.
        """
        second = path if other is None else other
        return self._page(height, Pane(path, labels[0]), Pane(second, labels[1]))

    def _page(self, height: int, *panes: Pane) -> Page:
        server, door = self.running.server, self.running.door
        take = functools.partial(picture.taken, self.url)
        return Page(server.port, panes, door.token, height, next(self._shown), take)

    def timeline(self, title: str = "") -> "Timeline":
        """Record what happens inside a `with` block; see `live.timeline`."""
        from workbook_site.live.timeline import Timeline

        # The notebook's own requests and what it asks the services are not the project's calls.
        return Timeline(title, door=self.door, ignore={self.url.removeprefix("http://")})

    async def load(self, path: str, requests: int = 20, at_once: int = 20) -> "Load":
        """Send many requests from a process apart; what came of them. See `live.load`."""
        from workbook_site.live.load import load

        return await load(self.url + path, requests=requests, at_once=at_once)

    # --- Processes beside the notebook ---

    def start(self, kind: str, *, name: str = "", **options: Any) -> Any:
        """Start a real process: `site.start("huey", workers=2)`; see `live.services`.

        Kinds: "huey" (the consumer), "uvicorn" (a web server outside), "valkey". Returns when it is
        ready; it is bound to this kernel. Started twice, it is the one that runs already, unless it
        runs old code or with other options. Raises `Told`, which says what stands in the way.
        """
        return self.services.start(kind, name or kind, options)

    # --- The project ---

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the site's own event loop; its result. A cancelled cell cancels it."""
        try:
            return await asyncio.wrap_future(self.running.server.submit(coroutine))
        except asyncio.CancelledError as cancelled:
            saying(cancelled, INTERRUPTED)
            raise

    async def migrate(self, app: str | None = None) -> migrations.Migrated:
        """Make the migrations that the models ask for, and apply them; what was done.

        Of one app, or of the whole project. Works in a thread, where Django may block.
        """
        try:
            done = await asyncio.to_thread(self.bring_up, app)
        except Told:
            raise
        except Exception as error:  # a migration of the learner's, or what the database says to it
            if isinstance(error, OSError) and trouble.is_ours(error, self.running.folder):
                raise Told(trouble.sentence(error)) from None
            raise as_learners(ProjectError(error, self.running.folder)) from None
        return done

    def bring_up(self, app: str | None = None, *, make: bool = True) -> migrations.Migrated:
        """What `migrate` does, in a thread without an event loop; see `migrations.migrate`.

        A pane may ask for a page meanwhile: nothing is loaded for it until this is done.
        """
        with self.running.kept():
            done = migrations.migrate(self.running.folder, app, make=make)
            if make:
                self.running.as_loaded()  # the migration files are new, and no reason to load anew
            if make and app is None:
                self.models.settle()
        return done

    def stop(self) -> None:
        """End the site and the outside services; the kernel's end does so by itself."""
        self.stopped = True
        self.services.stop_all()
        self.running.stop()
        self.upstream.stop()
        for end in self.at_end:
            end()

    # --- How it shows itself ---

    def __repr__(self) -> str:
        with self.running.kept():
            return overview.text(self.url, self.running.folder, self.services)

    def _repr_html_(self) -> str:
        with self.running.kept():
            return overview.html(self.url, self.running.folder, self.services)
