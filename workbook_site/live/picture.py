"""A page of the site as a document that needs nobody: for readers who can't reach the site.

Its style sheets and images come along, its scripts and links don't. It asks nothing of anybody:
a policy in it forbids that, and whoever shows it puts it into a sandbox beside.
"""

import base64
import html
import time
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

# Seconds that a page may take, and that one which never ends is watched.
PATIENCE = 2.0
WATCHED = 0.5
# Bytes: of one answer, and of all that a page brings along.
LARGEST = 200_000
LARGEST_TOGETHER = 300_000

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
HEAD = f"""\
<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">
"""
PLAIN = HEAD + "<title>{title}</title><body style='{style}'>{note}<pre style='{pre}'>{text}</pre>"
STYLE = "font:14px/1.5 system-ui,sans-serif;margin:12px;color:#1d2126;background:#fff"
PRE = "white-space:pre-wrap;overflow-wrap:anywhere;margin:0"
NOTE = "<p style='margin:0 0 8px'><strong>{text}</strong></p>"

STREAMS = "A stream. This came in the first {seconds:g} seconds:"
SLOW = "The page had not answered within {seconds:g} seconds."
BROKEN = "The page could not be fetched: {why}."
OTHER = "A file of type {kind}, {size:,} bytes."
CUT = "Only its beginning is shown: it is larger than {size:,} bytes."
STATUS = "The site answered {status}."

IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
DROPPED = ("script", "iframe", "object", "embed", "base", "frame", "portal")
# What would lead away from the picture, or ask somebody.
LEADING = ("href", "xlink:href", "action", "formaction", "srcset", "ping", "autofocus", "poster")


def taken(root: str, path: str) -> str:
    """The page at `path` of the site at `root`, as an HTML document. Never raises."""
    headers = {"Accept": "text/html, */*;q=0.8", "User-Agent": "Mozilla/5.0 (workbook picture)"}
    try:
        with httpx.Client(
            base_url=root, headers=headers, timeout=PATIENCE, follow_redirects=True, trust_env=False
        ) as client:
            return _page(client, path)
    except httpx.TimeoutException:
        return _plain(SLOW.format(seconds=PATIENCE))
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        return _plain(BROKEN.format(why=error or type(error).__name__))


def _page(client: httpx.Client, path: str) -> str:
    with client.stream("GET", path) as answer:
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        endless = kind == "text/event-stream"
        body, cut, ended = _read(answer, WATCHED if endless else PATIENCE)
    text = body.decode(answer.encoding or "utf-8", errors="replace")
    if kind == "text/html" and ended and not cut:
        return HEAD + _Page(client, str(answer.url)).rewritten(text)
    if kind in IMAGES and ended and not cut:
        return f'{HEAD}<img alt="{html.escape(path)}" src="{_data(kind, body)}">'
    if not (kind.startswith("text/") or kind.endswith(("json", "javascript", "xml"))):
        return _plain(OTHER.format(kind=kind or "unknown", size=len(body)))
    notes = [
        STREAMS.format(seconds=WATCHED) if not ended else "",
        CUT.format(size=LARGEST) if cut else "",
        STATUS.format(status=answer.status_code) if answer.is_error else "",
    ]
    return _plain(" ".join(filter(None, notes)), text)


def _read(answer: httpx.Response, seconds: float) -> tuple[bytes, bool, bool]:
    """(what came, whether it was too large, whether it came to its end in time)."""
    body, until = b"", time.monotonic() + seconds
    # What waits for the next piece gives up as well; one that trickles is stopped here.
    answer.request.extensions["timeout"]["read"] = seconds
    try:
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > LARGEST:
                return body[:LARGEST], True, True
            if time.monotonic() > until:
                return body, False, False
    except httpx.ReadTimeout:
        return body, False, False
    return body, False, True


def _plain(note: str, text: str = "") -> str:
    told = NOTE.format(text=html.escape(note)) if note else ""
    return PLAIN.format(title="", style=STYLE, pre=PRE, note=told, text=html.escape(text))


def _data(kind: str, body: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(body).decode()}"


class _Page(HTMLParser):
    """Rewrites one page: what it needs is put into it, what leads away is left out."""

    def __init__(self, client: httpx.Client, url: str) -> None:
        super().__init__(convert_charrefs=False)
        self._client, self._url = client, url
        self._left = LARGEST_TOGETHER
        self._out: list[str] = []
        self._skipped = ""  # the element whose end is waited for

    def rewritten(self, text: str) -> str:
        """The page's HTML."""
        self.feed(text)
        self.close()
        return "".join(self._out)

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]], end: str = ">"
    ) -> None:
        if self._skipped:
            return
        told = dict(attrs)
        if tag in DROPPED:
            self._skipped = "" if tag in ("base", "embed", "frame") else tag
        elif tag == "link":
            self._out.append(self._style(told))
        elif tag != "meta" or "charset" in told:
            self._out.append(f"<{tag}{self._attributes(tag, attrs)}{end}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs, " />")  # in a drawing it means what it says
        if self._skipped == tag:
            self._skipped = ""

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag == self._skipped:
                self._skipped = ""
        elif tag not in DROPPED:
            self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")

    def _keep(self, text: str) -> None:
        if not self._skipped:
            self._out.append(text)

    def _attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> str:
        kept = []
        for name, value in attrs:
            # A drawing may refer to its own parts; for a link, even that would lead away.
            own = (value or "").startswith("#") and tag != "a"
            if name.startswith("on") or (name in LEADING and not own):
                continue
            if name == "src":
                value = self._image(value or "") if tag == "img" else ""
            kept.append(f" {name}" if value is None else f' {name}="{html.escape(value)}"')
        return "".join(kept)

    def _style(self, told: dict[str, str | None]) -> str:
        if "stylesheet" not in (told.get("rel") or "").lower():
            return ""
        _, body = self._fetched(told.get("href") or "")
        # A style sheet that would end its own element is not put into one.
        text = body.decode("utf-8", errors="replace")
        return "" if "</" in text else f"<style>{text}</style>"

    def _image(self, address: str) -> str:
        kind, body = self._fetched(address)
        return _data(kind, body) if kind in IMAGES else ""

    def _fetched(self, address: str) -> tuple[str, bytes]:
        """(type, bytes) of a file of the same site; nothing when it is too much, or not there."""
        url = urljoin(self._url, address)
        if urlsplit(url)[:2] != urlsplit(self._url)[:2] or not address:
            return "", b""
        try:
            answer = self._client.get(url)
        except httpx.HTTPError:
            return "", b""
        if answer.is_error or len(answer.content) > self._left:
            return "", b""
        self._left -= len(answer.content)
        return answer.headers.get("content-type", "").partition(";")[0], answer.content
