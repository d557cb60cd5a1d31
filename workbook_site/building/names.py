"""A name for each cell that people can read, and that stays when other cells come and go.

    %%site blog/views.py --append feed          ->  site-blog-views-py-feed
    %%exercise ask_both                         ->  exercise-ask-both
    await site.get("/feed/")  in "## A feed"    ->  a-feed-await-site-get-feed

A name comes from what the cell is and from the section it stands in, never from its place in the
row. Only cells that would be called the same get told apart, by their section, then by a number.
"""

import re
import unicodedata
from collections.abc import Iterator

from workbook_site.project import ExerciseCell, MagicError, SiteCell, parse

LONGEST = 64  # the notebook format's own limit
_SECTION = 24
_WORDS = 5


def slug(text: str, longest: int = LONGEST) -> str:
    """Lower-case ASCII words joined by dashes, cut between words: "Café noir!" -> "cafe-noir"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))
    if len(words) <= longest:
        return words
    whole = words[: longest + 1].rpartition("-")[0]
    return whole or words[:longest]


def of_markdown(text: str, section: str) -> str:
    """A heading is called by its own words, a paragraph by its section and its first words."""
    first = text.lstrip().partition("\n")[0]
    return slug(first) if first.startswith("#") else _within(section, first)


def of_code(text: str, section: str) -> str:
    """A file is called by its path and block, an exercise by its name, the rest by section."""
    try:
        magic = parse(text)
    except MagicError:  # a slip of the pen that a chapter shows
        magic = None
    if isinstance(magic, SiteCell):
        return slug(f"site {magic.path} {magic.name}")
    if isinstance(magic, ExerciseCell):
        return slug(f"exercise {magic.name}")
    return _within(section, text)


def _within(section: str, text: str) -> str:
    words = slug(text, len(text)).split("-")
    telling = [word for word in words if not word.isdecimal()] or words
    return slug(f"{slug(section, _SECTION)} {' '.join(telling[:_WORDS])}")


class Names:
    """Names given so far in one notebook."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, wanted: str, section: str = "") -> str:
        """`wanted` if it is free, else the same told apart; never longer than `LONGEST`."""
        base = slug(wanted) or "cell"
        for candidate in _candidates(base, slug(section, _SECTION)):
            if candidate not in self._taken:
                self._taken.add(candidate)
                return candidate
        raise AssertionError("candidates never end")


def _candidates(base: str, section: str) -> Iterator[str]:
    yield base
    if section and not base.startswith(section):
        base = _joined(base, section)
        yield base
    number = 2
    while True:
        yield _joined(base, str(number))
        number += 1


def _joined(base: str, tail: str) -> str:
    return f"{base[: LONGEST - len(tail) - 1].rstrip('-')}-{tail}"
