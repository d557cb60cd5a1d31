"""A web server outside the notebook, as a cell asks it: in the site's own words."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

import httpx

from workbook_site.live import visitor
from workbook_site.live.answer import Answer
from workbook_site.live.process import PATIENCE, Process
from workbook_site.live.running import Running
from workbook_site.live.saying import Told
from workbook_site.live.socket import Socket, opened
from workbook_site.services.process import Child

if TYPE_CHECKING:
    from workbook_site.live.load import Load

NO_ANSWER = """\
{asked} was not answered within {seconds:g} seconds by {name}, and was given up.
Its log may say more: print({name}.log). To wait longer: timeout=60 for one request."""
HUNG_UP = """\
{asked} got no answer from {url} ({why}).
{facts}"""


class Web(Process):
    """A web server in a process of its own, which serves the project as it was at its start.

    patience: seconds that a request, or a word on a socket, is waited for.
    """

    def __init__(self, name: str, child: Child, running: Running) -> None:
        super().__init__(name, child, str(child.ready))
        self.patience = PATIENCE
        self._running = running
        self._clients = visitor.Clients()

    async def request(
        self,
        method: str,
        path: str,
        *,
        user: str | None = None,
        timeout: float | None = None,
        **options: Any,
    ) -> Answer:
        """Send one request, as `site.request` does; the answer."""
        seconds = self.patience if timeout is None else timeout
        asked, client = f"{method} {path}", self._clients.of(user)
        sent = await visitor.dressed(self._running, client, method, user, options)
        try:
            async with asyncio.timeout(seconds):
                response = await client.request(method, f"{self.url}{path}", **sent)
        except TimeoutError:
            raise Told(NO_ANSWER.format(asked=asked, seconds=seconds, name=self.name)) from None
        except httpx.TransportError as error:
            why = str(error) or type(error).__name__
            told = HUNG_UP.format(asked=asked, url=self.url, why=why, facts=self.facts())
            raise Told(told) from None
        return Answer.of(response, str(self._running.folder))

    async def get(self, path: str, **options: Any) -> Answer:
        """`await web.get("/posts/")`."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> Answer:
        """`await web.post("/posts/", json={"title": "..."})`."""
        return await self.request("POST", path, **options)

    def socket(self, path: str, **options: Any) -> AbstractAsyncContextManager[Socket]:
        """Open a WebSocket, as `site.socket` does."""
        assert self.url is not None
        options = {"patience": self.patience, **options}
        return opened(self.url, path, running=self._running, **options)

    async def load(self, path: str, requests: int = 20, at_once: int = 20) -> "Load":
        """Send many requests from a third process; what came of them."""
        from workbook_site.live.load import load

        return await load(f"{self.url}{path}", requests=requests, at_once=at_once)
