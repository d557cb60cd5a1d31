"""Our pages as HTML, from templates that escape whatever is put into them."""

import functools
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import markupsafe

from workbook_site.checking import words
from workbook_site.classroom import course
from workbook_site.classroom.course import Course
from workbook_site.classroom.layout import TABS, address
from workbook_site.live import show

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
# What pages load, and its type. `find.js` is the script that also works under a cell.
STYLE, SCRIPT = "text/css; charset=utf-8", "text/javascript; charset=utf-8"
KINDS = {"classroom.css": STYLE, "classroom.js": SCRIPT, "site.js": SCRIPT, "find.js": SCRIPT}


def prepare(base: str) -> None:
    """Read and compile all that a page needs; the pages are then made in milliseconds."""
    known = course.read("")
    welcome(base, known)
    progress(base, known)


def welcome(base: str, told: Course) -> str:
    """Four lines, and where to go on."""
    return _page("welcome", base, course=told)


def progress(base: str, told: Course) -> str:
    """Chapters, exercises, points, what is next."""
    return _page("progress", base, course=told)


def site(base: str) -> str:
    """The live site, as soon as there is one."""
    return _page("site", base)


def asset(name: str) -> str:
    """The text of one of `KINDS`."""
    if name == "find.js":
        return show.asset(name)
    return (ASSETS / name).read_text(encoding="utf-8")


def _page(name: str, base: str, **more: Any) -> str:
    told = {"base": base, "tabs": {each: address(base, each) for each in TABS}}
    template = _templates().get_template(f"{name}.html")
    more |= {"here": name, "title": TABS[name], "names": TABS, "told": json.dumps(told)}
    return template.render(told, **more)


def _prose(text: str) -> markupsafe.Markup:
    """A title, with `code` in it."""
    pieces = [markupsafe.escape(piece) for piece in text.split("`")]
    for place in range(1, len(pieces) - 1, 2):
        pieces[place] = markupsafe.Markup("<code>{}</code>").format(pieces[place])
    return markupsafe.Markup("").join(pieces)


@functools.cache
def _templates() -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["points"] = words.points
    templates.filters["prose"] = _prose
    templates.filters["path"] = quote
    templates.globals.update(words=words.WORDS, signs=words.SYMBOLS)
    return templates
