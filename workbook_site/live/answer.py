"""An answer of the site, readable under a cell: what was asked, what came, how long it took."""

import html
import json
import re
from collections.abc import Iterator
from functools import cached_property
from http import HTTPStatus
from typing import Self

import httpx

# Characters of a body that are shown, and lines of an error page.
SHOWN = 2_000
ROUTES = 12

_MONO = "font-family:var(--jp-code-font-family,monospace);font-size:13px"
_PRE = (
    f"{_MONO};margin:4px 0;padding:6px 8px;white-space:pre-wrap;overflow-wrap:anywhere;"
    "max-height:320px;overflow:auto;border-left:3px solid #8886;background:none;color:inherit"
)
_HEAD = "font-size:13px;margin:2px 0"
_PILL = "padding:0 6px;border-radius:8px;border:1px solid {colour};font-weight:600"
_FOLD = "cursor:pointer;font-size:13px"
_COLOURS = {2: "#2e8b57", 3: "#3b7dd8", 4: "#c77700", 5: "#d1383d"}

CUT = "… {more:,} characters more in `.text`"
NO_BODY = "(no body)"
BINARY = "({size:,} bytes that are no text)"


class Answer(httpx.Response):
    """An `httpx.Response` that shows itself; all that httpx offers works on it."""

    _folder = ""

    @classmethod
    def of(cls, response: httpx.Response, folder: str = "") -> Self:
        """The same response, as an Answer. Frames below `folder` are the learner's."""
        answer = cls.__new__(cls)
        answer.__dict__.update(response.__dict__)
        answer.__dict__["_folder"] = folder
        return answer

    @cached_property
    def shown(self) -> str:
        """The body as a reader wants it: JSON laid out, error pages in brief, long text cut."""
        return _error_page(self.text, self._folder) if self._is_error_page else _cut(self._body())

    @property
    def _is_error_page(self) -> bool:
        return self.status_code >= 400 and "DEBUG = True" in self.text

    def _body(self) -> str:
        if not self.content:
            return NO_BODY
        kind = self.headers.get("content-type", "")
        if "json" in kind:
            return _laid_out(self.text)
        if b"\0" in self.content[:1024] or kind.startswith(("image/", "audio/", "video/")):
            return BINARY.format(size=len(self.content))
        return self.text.strip()

    @property
    def _asked(self) -> str:
        return f"{self.request.method} {self.request.url.raw_path.decode('ascii')}"

    @property
    def _said(self) -> str:
        try:
            return f"{self.status_code} {HTTPStatus(self.status_code).phrase}"
        except ValueError:
            return str(self.status_code)

    @property
    def _aside(self) -> str:
        kind = self.headers.get("content-type", "no type").partition(";")[0]
        return f"{kind}, {len(self.content):,} bytes, {self.elapsed.total_seconds():.3f} s"

    def __repr__(self) -> str:
        return f"{self._asked} → {self._said} ({self._aside})\n{self.shown}"

    def _repr_html_(self) -> str:
        colour = _COLOURS.get(self.status_code // 100, "#888")
        pill = f'<span style="{_PILL.format(colour=colour)}">{html.escape(self._said)}</span>'
        asked = f'<code style="{_MONO};color:inherit">{html.escape(self._asked)}</code>'
        return (
            f'<div style="{_HEAD}">{asked} → {pill} <span>{html.escape(self._aside)}</span></div>'
            f'<pre style="{_PRE}" tabindex="0">{html.escape(self.shown)}</pre>'
            f"{self._folded_headers()}"
        )

    def _folded_headers(self) -> str:
        lines = "\n".join(f"{name}: {value}" for name, value in self.headers.items())
        return (
            f'<details><summary style="{_FOLD}">{len(self.headers)} headers</summary>'
            f'<pre style="{_PRE}" tabindex="0">{html.escape(lines)}</pre></details>'
        )


def _laid_out(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def _cut(text: str) -> str:
    if len(text) <= SHOWN:
        return text
    return f"{text[:SHOWN]}\n{CUT.format(more=len(text) - SHOWN)}"


def _error_page(page: str, folder: str) -> str:
    """Django's debug page in a few lines: the learner's frames and the exception, or the routes."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    text = html.unescape(found[1]) if found else page
    if "Traceback (most recent call last):" in text:
        return _traceback(text, folder)
    return _not_found(page)


def _traceback(text: str, folder: str) -> str:
    told = text.partition("Traceback (most recent call last):")[2].strip("\n").splitlines()
    frames = list(_learners_lines(told, folder))
    kind = _first(r"^Exception Type: (.*?)(?: at .*)?$", text)
    value = _first(r"^Exception Value: (.*?)(?=\n\n|\nRaised during:|\Z)", text)
    return "\n".join([*frames, f"{kind}: {value}".strip()])


def _learners_lines(lines: list[str], folder: str) -> Iterator[str]:
    """The frames of files below `folder`, and the words after each traceback that has some."""
    learners = any_yet = False
    for line in filter(str.strip, lines):
        if line.startswith("Exception Type:"):
            return
        if re.match(r'\s*File "', line):
            learners = bool(folder) and f'File "{folder}/' in line
            any_yet = any_yet or learners
        elif not line.startswith(" "):  # the words between two tracebacks of a chain
            learners, any_yet = any_yet, False
        if learners:
            yield line.replace(f"{folder}/", "")


def _not_found(page: str) -> str:
    """The title, and the routes that Django tried."""
    title = _first(r"<title>(.*?)</title>", page)
    routes = [_plain(each) for each in re.findall(r"<li>(.*?)</li>", page, re.DOTALL)]
    tried = [route for route in routes if route]
    if not tried:
        return _plain(title) or _cut(page)
    more = [f"  … and {len(tried) - ROUTES} more"] if len(tried) > ROUTES else []
    shown = [f"  {route}" for route in tried[:ROUTES]]
    return "\n".join([_plain(title), "Django tried these routes, in this order:", *shown, *more])


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.DOTALL | re.MULTILINE)
    return str(found[1]) if found else ""


def _plain(fragment: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", fragment)).split())
