"""Errors as a cell shows them: one plain sentence, or the learner's own traceback and no other."""

from collections.abc import Sequence
from typing import Any, TypeVar

from workbook_site.reload import ProjectError

E = TypeVar("E", bound=BaseException)

# More files than this are counted, not named.
NAMED = 8


class Told(Exception):
    """Something the learner should know and can act on. The cell shows the message alone."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return [str(self)]


def named(paths: Sequence[str]) -> str:
    """Paths in a sentence; of many, the first ones and how many more."""
    more = [f"and {len(paths) - NAMED} more"] if len(paths) > NAMED else []
    return ", ".join([*paths[:NAMED], *more])


def saying(error: E, told: str) -> E:
    """The same exception; a cell shows these words in place of its traceback."""
    error._render_traceback_ = lambda: [told]  # type: ignore[attr-defined]
    return error


def as_learners(error: ProjectError, shell: Any = None) -> Told:
    """An exception to raise in a cell, which shows the learner's own with their frames only.

    It bears the name of the learner's exception, and is none of that kind: IPython would show a
    SyntaxError or an ExceptionGroup with our frames.
    """
    kind = type(type(error.cause).__name__, (Told,), {})
    stand_in: Told = kind(str(error.cause))
    return saying(stand_in, "\n".join(_rendered(error, shell)))


def _rendered(error: ProjectError, shell: Any) -> list[str]:
    """In the notebook's own colours where IPython can do it, else in Python's words."""
    # IPython leaves out the line of a SyntaxError, and the exceptions of a group.
    if shell is None or isinstance(error.cause, BaseExceptionGroup | SyntaxError):
        return [error.text]
    cause = error.cause
    shown = shell.InteractiveTB.structured_traceback(type(cause), cause, error.traceback)
    return [str(line) for line in shown]
