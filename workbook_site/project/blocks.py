"""A project file is a head, then named blocks. Each block begins with a marker comment:

    from django.urls import path            <- the head, named ""
    urlpatterns = []

    # --- feed ---                          <- the block "feed"
    urlpatterns += [path("feed/", views.feed)]

The markers are ordinary section comments, so the file alone says which blocks it has, and a
learner who edits it by hand breaks nothing.
"""

import re
from pathlib import PurePosixPath

_MARKERS = {
    ".html": "<!-- --- {} --- -->",
    ".css": "/* --- {} --- */",
    ".js": "/* --- {} --- */",
}
_DEFAULT = "# --- {} ---"

HEAD = ""


def marker(path: str, name: str) -> str:
    """The comment line that begins the block `name` in a file with this ending."""
    return _MARKERS.get(PurePosixPath(path).suffix, _DEFAULT).format(name)


def split(path: str, text: str) -> dict[str, str]:
    """The blocks of a file in order, by name. The head is always there, if only empty."""
    line = re.escape(marker(path, "\0")).replace("\0", r"(?P<name>\S(?:.*?\S)?)")
    parts = re.split(rf"^{line}[ \t]*\n?", text, flags=re.MULTILINE)
    blocks = {HEAD: parts[0]}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        blocks[name] = body
    return {name: tidy(body) for name, body in blocks.items()}


def join(path: str, blocks: dict[str, str]) -> str:
    """The text of a file that has these blocks: what `split` takes apart."""
    parts = [blocks[HEAD]] if blocks.get(HEAD) else []
    parts += [f"{marker(path, name)}\n{body}" for name, body in blocks.items() if name != HEAD]
    return "\n\n".join(parts)


def put(path: str, text: str, body: str, name: str = HEAD) -> str:
    """The file with one block replaced or added at its end; every other block stays as it is.

    An empty `body` takes a named block away; markers inside `body` begin blocks of their own.
    Doing it twice changes nothing.
    """
    blocks, told = split(path, text), split(path, body)
    blocks[name] = told.pop(HEAD)
    blocks.update(told)
    return join(path, {key: value for key, value in blocks.items() if value or key == HEAD})


def tidy(body: str) -> str:
    """A block as it stands in a file: no blank lines around it, one line end, or nothing."""
    lines = body.rstrip()
    while lines and not lines.split("\n", 1)[0].strip():
        lines = lines.partition("\n")[2]
    return lines + "\n" if lines else ""
