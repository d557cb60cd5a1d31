"""The two cells that an exercise has in nbgrader's notebooks: the answer, and the locked verdict.

The answer is a solution cell, `only_news`: `%%exercise only_news` and what the student writes. The
verdict is a grade cell, `only_news-verdict`, locked, with the points; it asks for them:

    points("three_problems/only_news")
"""

import hashlib
import re
from typing import Any

SCHEMA = 3

VERDICT = """\
# The verdict on the answer above. nbgrader takes the points from here.
from workbook_site.nbgrader import points

points("{chapter}/{exercise}")"""

_ASKS = re.compile(
    r"from workbook_site\.nbgrader import points\s+points\(\"([a-z]\w*/[a-z]\w*)\"\)"
)

Cell = dict[str, Any]


def verdict_source(chapter: str, exercise: str) -> str:
    """The text of the locked cell."""
    return VERDICT.format(chapter=chapter, exercise=exercise)


def asks(source: str) -> str:
    """The exercise, `CHAPTER/NAME`, whose verdict this cell asks for; empty for any other cell.

    Only the very text of such a cell will do; comments may stand above it, as nbgrader adds them
    to a cell that it puts back.
    """
    lines = source.strip().splitlines()
    told = "\n".join(line for line in lines if not line.startswith("#"))
    found = _ASKS.fullmatch(told.strip())
    return found[1] if found else ""


def answer(exercise: str) -> dict[str, Any]:
    """What nbgrader has to know about an answer's cell."""
    return _known(exercise, grade=False, solution=True)


def verdict(exercise: str, points: float) -> dict[str, Any]:
    """What nbgrader has to know about a verdict's cell: its points, and that it is locked."""
    return {**_known(f"{exercise}-verdict", grade=True, solution=False), "points": points}


def _known(name: str, *, grade: bool, solution: bool) -> dict[str, Any]:
    return {
        "grade": grade,
        "grade_id": name,
        "locked": grade,
        "schema_version": SCHEMA,
        "solution": solution,
        "task": False,
    }


def released(cell: Cell) -> Cell:
    """A cell as `nbgrader generate_assignment` gives it out: its checksum noted, not to be deleted.

    The locked one is not to be edited either.
    """
    known = cell["metadata"].get("nbgrader")
    if not known:
        return cell
    noted = {**known, "cell_type": cell["cell_type"], "checksum": _checksum(cell, known)}
    kept = {"deletable": False} | ({"editable": False} if known["locked"] else {})
    return {**cell, "metadata": {**cell["metadata"], **kept, "nbgrader": noted}}


def _checksum(cell: Cell, known: dict[str, Any]) -> str:
    """nbgrader's own sum: it puts a locked cell back when it finds another one."""
    told = hashlib.md5(usedforsecurity=False)
    words = [
        *("".join(cell["source"]), cell["cell_type"]),
        *(known["grade"], known["solution"], known["locked"], known["grade_id"]),
        *([float(known["points"])] if known["grade"] else []),
    ]
    told.update("".join(map(str, words)).encode())
    return told.hexdigest()
