"""`site`: what a learner holds of the live site. `await site.get("/")`, `site.show("/")` ..."""

import asyncio
import itertools
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from workbook_site.live import migrations, overview, where
from workbook_site.live.answer import Answer
from workbook_site.live.door import Door, Request
from workbook_site.live.modelwatch import ModelWatch
from workbook_site.live.running import Running
from workbook_site.live.saying import Told, as_learners, saying
from workbook_site.live.show import Page
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
        self._client: httpx.AsyncClient | None = None
        self._client_loop: asyncio.AbstractEventLoop | None = None
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
        self, method: str, path: str, *, timeout: float | None = None, **options: Any
    ) -> Answer:
        """Send one request; the answer. `options` are httpx's: params, json, data, headers ...

        Waits `timeout` seconds, else `site.patience`. The error then says which line of the
        project the view is still at.
        """
        if not path.startswith("/"):
            raise Told(NO_PATH.format(path=path))
        seconds = self.patience if timeout is None else timeout
        sending = asyncio.ensure_future(
            self._http().request(method, self.url + path, **options),
        )
        try:
            await asyncio.wait({sending}, timeout=seconds)
            if not sending.done():
                raise Told(await self._no_answer(method, path, seconds))
            response = sending.result()
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

    def _http(self) -> httpx.AsyncClient:
        """One client, so one pool of connections, for the notebook's loop."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._client_loop is not loop:
            limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
            # No proxy of the environment stands between the notebook and its own machine.
            # `request` bounds each wait as a whole; httpx would bound each read alone.
            self._client = httpx.AsyncClient(timeout=None, limits=limits, trust_env=False)  # noqa: S113
            self._client_loop = loop
        return self._client

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

    # --- Looking ---

    def show(self, path: str = "/", height: int = 300) -> Page:
        """The live page under the cell. `height` is in pixels."""
        server, door = self.running.server, self.running.door
        return Page(server.port, path, door.token, height, next(self._shown))

    def timeline(self, title: str = "") -> "Timeline":
        """Record what happens inside a `with` block; see `live.timeline`."""
        from workbook_site.live.timeline import Timeline

        # The notebook's own requests and what it asks the services are not the project's calls.
        return Timeline(title, door=self.door, ignore={self.url.removeprefix("http://")})

    async def load(self, path: str, requests: int = 20, at_once: int = 20) -> "Load":
        """Send many requests from a process apart; what came of them. See `live.load`."""
        from workbook_site.live.load import load

        return await load(self.url + path, requests=requests, at_once=at_once)

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
            done = await asyncio.to_thread(migrations.migrate, self.running.folder, app)
        except Told:
            raise
        except Exception as error:  # a migration of the learner's, or what the database says to it
            raise as_learners(ProjectError(error, self.running.folder)) from None
        self.running.look_again()  # the migration files are new, and no reason to load anew
        if app is None:
            self.models.settle()
        return done

    def stop(self) -> None:
        """End the site and the outside services; the kernel's end does so by itself."""
        self.stopped = True
        self.running.stop()
        self.upstream.stop()

    # --- How it shows itself ---

    def __repr__(self) -> str:
        return overview.text(self.url, self.running.folder)

    def _repr_html_(self) -> str:
        return overview.html(self.url, self.running.folder)
