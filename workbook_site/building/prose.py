"""What a reader meets in a Markdown text: headings, images, links.

Read with a Markdown parser, so that a `# comment` inside a fence is no heading.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token


def headings(text: str) -> list[tuple[int, str]]:
    """(level, words) for each heading, in order: "## Two *things*" -> (2, "Two things")."""
    tokens = _tokens(text)
    return [
        (int(token.tag[1]), _words(following))
        for token, following in pairwise(tokens)
        if token.type == "heading_open"
    ]


def images(text: str) -> list[tuple[str, str]]:
    """(address, alternative text) for each image."""
    return [(_attribute(token, "src"), token.content) for token in _inline(text, "image")]


def links(text: str) -> list[str]:
    """The address of each link."""
    return [_attribute(token, "href") for token in _inline(text, "link_open")]


@lru_cache(maxsize=512)
def _tokens(text: str) -> tuple[Token, ...]:
    parser = MarkdownIt("commonmark").enable("table")
    return tuple(parser.parse(text))


def _inline(text: str, kind: str) -> Iterator[Token]:
    for token in _tokens(text):
        yield from (child for child in token.children or () if child.type == kind)


def _words(inline: Token) -> str:
    parts = [child.content for child in inline.children or () if child.type != "image"]
    return "".join(parts).strip()


def _attribute(token: Token, name: str) -> str:
    return str(token.attrGet(name) or "")
