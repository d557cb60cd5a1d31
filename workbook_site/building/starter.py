"""An exercise's starter is its solution with a hole.

    async def summary(request):              async def summary(request):
        ### BEGIN SOLUTION                       # Your code here
        both = await gather(one, two)    ->      raise NotImplementedError
        return JsonResponse(both)
        ### END SOLUTION

Where another last line serves the learner better, the solution says so:

        ### BEGIN SOLUTION                       # Your code here
        ### STARTER: return None         ->      return None
        return await ask("payments")
        ### END SOLUTION

A hole at the left margin gets no `raise`: a starter can always be imported. Templates get their
own kind of comment.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from workbook_site.project.replay import BEGIN, END, STARTER

_COMMENTS = {".html": "<!-- {} -->", ".css": "/* {} */", ".js": "// {}"}
_HOLE = "Your code here"
_DEFAULT = "raise NotImplementedError"


class MarkerError(ValueError):
    """The markers of a solution don't pair up; the message says which line to mend."""


TWICE = (
    "Line {line} opens a second hole ({marker}) before the first is closed; close it with {end}."
)
UNOPENED = "Line {line} closes a hole ({marker}) that was not opened; put {begin} before it."
UNCLOSED = "The hole that line {line} opens ({marker}) is never closed; put {end} after it."
NO_HOLE = "There is no {begin} in it, so nothing would be left for the learner to do."
OUTSIDE = "Line {line} ({marker}) stands outside a hole; move it between {begin} and {end}."


def starter(solution: str, path: str) -> str:
    """The starter that a solution's text gives for a block of `path`. Raises `MarkerError`."""
    check(solution)
    lines = _holes_filled(solution.splitlines(), path)
    return "\n".join(lines).strip("\n") + "\n"


def check(solution: str) -> None:
    """Raise `MarkerError` unless every hole is opened once and closed once, and there is one."""
    opened, holes = 0, 0
    for number, line in enumerate(solution.splitlines(), start=1):
        word = line.strip()
        if word == BEGIN:
            _demand(not opened, TWICE, number, word)
            opened, holes = number, holes + 1
        elif word == END:
            _demand(bool(opened), UNOPENED, number, word)
            opened = 0
        elif word.startswith(STARTER):
            _demand(bool(opened), OUTSIDE, number, STARTER)
    _demand(not opened, UNCLOSED, opened, BEGIN)
    _demand(bool(holes), NO_HOLE, 0, BEGIN)


def _demand(holds: bool, message: str, line: int, marker: str) -> None:
    if not holds:
        raise MarkerError(message.format(line=line, marker=marker, begin=BEGIN, end=END))


def _holes_filled(lines: list[str], path: str) -> Iterator[str]:
    inside, indent, told = False, "", list[str]()
    for line in lines:
        word = line.strip()
        if word == BEGIN:
            inside, indent, told = True, line[: len(line) - len(line.lstrip())], []
        elif word == END:
            inside = False
            yield from _hole(indent, told, path)
        elif inside and word.startswith(STARTER):
            told.append(re.sub(r"^ ", "", line.split(STARTER, 1)[1]))
        elif not inside:
            yield line


def _hole(indent: str, told: list[str], path: str) -> Iterator[str]:
    suffix = PurePosixPath(path).suffix
    yield indent + _COMMENTS.get(suffix, "# {}").format(_HOLE)
    default = [_DEFAULT] if indent and suffix == ".py" else []
    for line in told or default:
        yield (indent + line).rstrip()
