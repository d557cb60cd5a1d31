"""Does every link of the site lead somewhere? Those within it are followed, the others looked at.

No address outside is asked: a page must not break because a server far away is down.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

NOWHERE = "{page}: {link} leads nowhere; there is no {what}."
MALFORMED = "{page}: {link} is no address that a browser can follow."
TWICE = "{page}: the name {name!r} is given twice, so a link may lead to the wrong place."

_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)


@dataclass
class _Page(HTMLParser):
    """What a page names, and where it leads."""

    names: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.names.append(value)
            elif name in ("href", "src") and not tag.startswith(("use", "image")):
                self.links.append(value or "")


def broken(site: Iterable[Path]) -> list[str]:
    """Each link that leads nowhere, as a sentence; none when all is well.

    `site` are its files, which lie in one folder; what else lies there is not looked at.
    """
    files = sorted(path for path in site if path.suffix == ".html")
    pages = {path.name: _read(path) for path in files}
    wrong = []
    for name, page in pages.items():
        folder = files[0].parent
        doubles = {each for each in page.names if page.names.count(each) > 1}
        wrong += [TWICE.format(page=name, name=each) for each in sorted(doubles)]
        wrong += [found for link in page.links if (found := _wrong(folder, pages, name, link))]
    return wrong


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _wrong(folder: Path, pages: dict[str, _Page], page: str, link: str) -> str:
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return MALFORMED.format(page=page, link=link)
    if parts.scheme == "data":
        return ""
    if parts.scheme or parts.netloc:
        good = parts.scheme in ("http", "https") and _HOST.fullmatch(host) and " " not in link
        good = good or (parts.scheme == "mailto" and "@" in parts.path)
        return "" if good else MALFORMED.format(page=page, link=link)
    target, anchor = unquote(parts.path) or page, unquote(parts.fragment)
    if not link or not (folder / target).is_file():
        return NOWHERE.format(page=page, link=link or "an empty link", what=target)
    if anchor and target in pages and anchor not in pages[target].names:
        return NOWHERE.format(page=page, link=link, what=f"{anchor!r} in {target}")
    return ""
