"""A chapter's cells as HTML: nbconvert walks through them, Markdown and code are made here.

Both know the house: headings get names of their own in a page, links between chapters lead to
pages, and a `%%site` cell is coloured in the language of its file.
"""

import base64
import mimetypes
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any

import pygments
from markdown_it import MarkdownIt
from markdown_it.token import Token
from nbconvert import HTMLExporter
from pygments import token as T
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.util import ClassNotFound

from workbook_site import places
from workbook_site.building.names import Names
from workbook_site.project import MagicError, SiteCell, parse

# The kinds of code that `site.css` has a colour for.
COLOURED = (
    *(T.Keyword, T.Operator.Word, T.String, T.Comment, T.Number),
    *(T.Name.Function, T.Name.Class, T.Name.Decorator, T.Name.Tag, T.Name.Builtin),
    *(T.Name.Exception, T.Name.Attribute),
)
TEMPLATES = Path(__file__).parent / "templates"


@dataclass
class Section:
    """What stands below one heading: its level, its name in the page, its words, its text.

    `text` is prose, `code` what the cells hold: a search finds both, and quotes the first.
    """

    level: int
    anchor: str
    heading: str
    text: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)


@dataclass
class Content:
    """A chapter's cells as HTML, and its sections in order."""

    html: str
    sections: list[Section]


def content(notebook: Any) -> Content:
    """The cells of a readable notebook as HTML."""
    making = _Making()
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_file=str(TEMPLATES / "cells.html.j2"),
        filters={"markdown2html": making.markdown, "highlight_code": making.code},
    )
    html, _ = exporter.from_notebook_node(notebook)
    return Content(_light(str(html)), making.sections)


def inline(text: str) -> str:
    """One line of Markdown as HTML."""
    return str(MarkdownIt("commonmark").renderInline(text))


class _Making:
    """One page in the making: names that are taken, sections so far."""

    def __init__(self) -> None:
        self.sections = [Section(1, "content", "")]
        self._names = Names()
        self._names.give("content")
        self._parser = MarkdownIt("commonmark", {"highlight": _coloured}).enable("table")

    def markdown(self, text: str) -> str:
        """Markdown as HTML."""
        tokens = self._parser.parse(text)
        for place, token in enumerate(tokens):
            if token.type == "heading_open":
                self._begin(token, tokens[place + 1])
            elif token.type == "inline":
                if tokens[place - 1].type != "heading_open":
                    self.sections[-1].text.append(_words(token))
                _follow(token)
            elif token.type == "fence":
                self.sections[-1].code.append(token.content)
        html: str = self._parser.renderer.render(tokens, self._parser.options, {})
        return html.replace("<table>", '<div class="wide"><table>').replace(
            "</table>", "</table></div>"
        )

    def code(self, source: str, metadata: Any) -> str:
        """A cell's source in colours."""
        self.sections[-1].code.append(source)
        magic, body, language = _parts(source, metadata.get("workbook", {}).get("file", ""))
        return _in_colours(body, language, magic)

    def _begin(self, heading: Token, inline: Token) -> None:
        words, level = _words(inline), int(heading.tag[1])
        anchor = self._names.give(words)
        heading.attrSet("id", anchor)
        if level == 1:
            self.sections[0].heading = self.sections[0].heading or words
            return
        self.sections.append(Section(level, anchor, words))


def _words(inline: Token) -> str:
    parts = [
        "\n" if child.type in ("softbreak", "hardbreak") else child.content
        for child in inline.children or ()
        if child.type != "html_inline"
    ]
    return " ".join("".join(parts).split())


def _follow(inline: Token) -> None:
    """Links to notebooks lead to their pages, pictures come along."""
    for child in inline.children or ():
        if child.type == "link_open":
            href = str(child.attrGet("href") or "")
            child.attrSet("href", re.sub(r"^([\w.-]+)\.ipynb(?=#|$)", r"\1.html", href))
        elif child.type == "image":
            child.attrSet("src", _picture(str(child.attrGet("src") or "")))


def _picture(address: str) -> str:
    """A picture beside the notebooks, as a part of the page. Another address stays as it is."""
    for folder in (places.notebooks(), places.sources()):
        file = (folder / address).resolve()
        if address and file.is_relative_to(places.content()) and file.is_file():
            kind = mimetypes.guess_type(file.name)[0] or "image/png"
            return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
    return address


# --- Code ---


def _coloured(code: str, language: str, _: str) -> str:
    return _in_colours(code, language or "text")


def _in_colours(code: str, language: str, magic: str = "") -> str:
    """`<pre>` with the spans of Pygments. An unknown language stays black."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False)
    above = f'<span class="magic">{escape(magic)}</span>\n' if magic else ""
    # Spans for what has no colour would only make pages heavy.
    tokens = (
        (kind if any(kind in each for each in COLOURED) else T.Text, value)
        for kind, value in lexer.get_tokens(code.rstrip("\n"))
    )
    made: str = pygments.format(tokens, HtmlFormatter(nowrap=True))
    return f'<pre class="code"><code>{above}{made.rstrip()}</code></pre>'


def _parts(source: str, file: str) -> tuple[str, str, str]:
    """A cell's magic line, what is below it, and its language: that of the file it writes."""
    try:
        magic = parse(source)
    except MagicError:  # a slip of the pen that a chapter shows
        magic = None
    if magic is None:
        return "", source, "ipython3"
    name = magic.path if isinstance(magic, SiteCell) else file
    above, _, body = source.partition("\n")
    return above, body, "html+django" if name.endswith(".html") else _language(name)


def _language(name: str) -> str:
    try:
        return next(iter(get_lexer_for_filename(PurePosixPath(name).name).aliases), "text")
    except ClassNotFound:
        return "text"


# --- Weight ---


def _light(html: str) -> str:
    """The same, with the styles that cells of tables repeat told once: they weigh more than data.

    <td style="S">  ...  <td style="S">   ->   <style>.t0{S}</style>  <td class=t0>  ...
    """
    names: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        return f"{found[1]} class={names.setdefault(found[2], f't{len(names)}')}"

    html = re.sub(r'(<t[dh]\b(?: (?:scope|colspan|rowspan)="\w+")*) style="([^"]*)"', named, html)
    rules = "".join(f".{name}{{{style}}}" for style, name in names.items())
    return f"<style>{rules}</style>\n{html}" if rules else html
