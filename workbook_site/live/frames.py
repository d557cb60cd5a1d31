"""The site seen through a notebook: inside an iframe, and behind jupyter-server-proxy.

The proxy strips its prefix from the path, tells it in a header (not for WebSockets), keeps the
browser's Host and Origin, and puts the prefix in front of every redirect. The project should
know nothing of this: it sees itself at 127.0.0.1, below the prefix.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from workbook_site.reload import Message, Scope, Send

Headers = list[tuple[bytes, bytes]]

PREFIX = b"x-forwarded-context"


def seen_from_here(scope: Scope, port: int) -> Scope:
    """The scope as the project should see it, when the request came through the proxy.

    {"path": "/chat/", Host: hub.org, Origin: https://hub.org, X-Forwarded-Context: /u/proxy/9000}
    becomes {"path": "/u/proxy/9000/chat/", "root_path": "/u/proxy/9000", Host: 127.0.0.1:9000,
    Origin: http://127.0.0.1:9000}. A request that came directly is left alone.
    """
    headers = dict(scope["headers"])
    host = headers.get(b"host", b"")
    # A browser that connects directly always names our port, so nobody else can pass for the proxy.
    if not host or _port(host) == port:
        return scope
    own = b"127.0.0.1:%d" % port
    changed: dict[bytes, bytes] = {b"host": own}
    if _netloc(headers.get(b"origin", b"")) == host:  # a foreign page stays foreign
        changed[b"origin"] = b"http://" + own
    prefix = headers.get(PREFIX, b"").decode("latin-1").rstrip("/")
    return {
        **scope,
        "headers": [(name, changed.get(name, value)) for name, value in scope["headers"]],
        "root_path": prefix,
        "path": prefix + scope["path"],
    }


def for_the_frame(scope: Scope, send: Send, framed: bool) -> Send:
    """A `send` whose answers may be shown in an iframe, if it is `framed`, and aren't redirected
    twice as deep."""
    prefix = str(scope.get("root_path", "")).encode("latin-1")
    if not framed and not prefix:
        return send

    async def fitting(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": list(_fitted(message["headers"], framed, prefix))}
        await send(message)

    return fitting


def _fitted(headers: Iterable[tuple[bytes, bytes]], framed: bool, prefix: bytes) -> Headers:
    fitted = []
    for name, value in headers:
        lower = name.lower()
        if framed and lower == b"x-frame-options":
            continue
        if lower == b"location" and prefix and value.startswith(prefix + b"/"):
            value = value[len(prefix) :]  # the proxy puts it back
        fitted.append((name, value))
    return fitted


def is_framed(scope: Scope) -> bool:
    """Does a page in a frame ask? Browsers say so, but for some pages without TLS."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    asked_for = headers.get(b"sec-fetch-dest")
    if asked_for is None:
        return headers.get(b"user-agent", b"").startswith(b"Mozilla/")
    return asked_for in (b"iframe", b"frame")


def _port(host: bytes) -> int | None:
    try:
        return urlsplit(b"//" + host).port
    except ValueError:
        return None


def _netloc(origin: bytes) -> bytes:
    return urlsplit(origin).netloc
