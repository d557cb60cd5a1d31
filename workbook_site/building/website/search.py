"""The search index: a script that a page loads at the first search, from a disk as well.

window.workbookIndex = [["01_async_views.html", "both-at-once", "Async views ...",
                         "Both at once", "Ask them together. ...", "gather httpx ..."], ...]
"""

import json
import re
from collections.abc import Iterable, Iterator

from workbook_site.building.website.content import Section

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{2,}")


def index(pages: Iterable[tuple[str, str, list[Section]]]) -> str:
    """The script, for pages given as (file name, title, sections)."""
    entries = [
        [page, section.anchor, title, section.heading, " ".join(section.text), _code(section)]
        for page, title, sections in pages
        for section in sections
    ]
    told = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    return f"window.workbookIndex = {told};\n"


def _code(section: Section) -> str:
    """The names in the code, each once, and none that the prose has: enough to be found by."""
    prose = set(_words(section.text))
    return " ".join(dict.fromkeys(word for word in _words(section.code) if word not in prose))


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (word.strip(".") for word in _WORD.findall(text))
