"""Who asks the site from a cell: somebody logged in, with what Django demands of a form."""

import asyncio
import secrets
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from workbook_site.hidden import ASKED_FOR_AGAIN, settle
from workbook_site.judge import verbs
from workbook_site.judge.agent import Trouble
from workbook_site.live.running import Running
from workbook_site.live.saying import Told

settle(ASKED_FOR_AGAIN)

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# The cookie and the header agree: that is all Django's CSRF protection asks of a client.
CSRF = secrets.token_hex(16)


class Clients:
    """HTTP clients for the notebook's loop: one that keeps its cookies, and one for users.

    Each request of a user brings that user's session along, so nothing is remembered from one to
    the next.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._made: dict[bool, httpx.AsyncClient] = {}

    def of(self, user: str | None) -> httpx.AsyncClient:
        """The client, so the pool of connections, for requests of this user (None: nobody)."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._made = loop, {}
        remembers = user is None
        if remembers not in self._made:
            self._made[remembers] = _client(remembers)
        return self._made[remembers]


async def login(running: Running, user: str) -> dict[str, str]:
    """The session cookie of this user, who is made when missing: `{name: value}`.

    Raises `Told` when the project has no users.
    """
    try:
        told = await asyncio.wrap_future(running.server.submit(verbs.login(user)))
    except Trouble as trouble:
        raise Told(str(trouble)) from None
    return {str(told["name"]): str(told["value"])}


def with_csrf(method: str, cookies: dict[str, str], headers: dict[str, str]) -> None:
    """Add the token to a request that changes something, as a page's form or script would."""
    if method.upper() not in SAFE:
        cookies.setdefault("csrftoken", CSRF)
        headers.setdefault("X-CSRFToken", cookies["csrftoken"])


def with_cookies(headers: Mapping[str, str], cookies: Mapping[str, str]) -> dict[str, str]:
    """The headers of a request, with these cookies among them."""
    if not cookies:
        return dict(headers)
    told = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {**headers, "Cookie": told}


async def dressed(
    running: Running, client: httpx.AsyncClient, method: str, user: str | None, options: Any
) -> dict[str, Any]:
    """httpx's options for a request of this user; `csrf=False` among them leaves the token out."""
    given = dict(options)
    csrf, headers = given.pop("csrf", True), dict(given.pop("headers", None) or {})
    cookies = {cookie.name: str(cookie.value) for cookie in client.cookies.jar}
    cookies |= dict(given.pop("cookies", None) or {})
    if user is not None:
        cookies |= await login(running, user)
    if csrf:
        with_csrf(method, cookies, headers)
    return {**given, "headers": with_cookies(headers, cookies)}


def _client(remembers: bool) -> httpx.AsyncClient:
    policy = None if remembers else DefaultCookiePolicy(allowed_domains=[])
    # No proxy of the environment stands between the notebook and its own machine. Whoever asks
    # bounds each wait as a whole; httpx would bound each read alone.
    return httpx.AsyncClient(
        timeout=None,  # noqa: S113
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=100),
        trust_env=False,
        cookies=CookieJar(policy),
    )
