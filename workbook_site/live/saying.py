"""Errors as a cell shows them: one plain sentence, or the learner's own traceback and no other."""

from typing import Any

from workbook_site.reload import ProjectError


class Told(Exception):
    """Something the learner should know and can act on. The cell shows the message alone."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return [str(self)]


def as_learners(error: ProjectError, shell: Any) -> Told:
    """An exception for a magic to raise: the cell shows the learner's own, with their frames only.

    It bears the name of the learner's exception, and is none of that kind: IPython would show a
    SyntaxError or an ExceptionGroup with our frames.
    """
    kind = type(type(error.cause).__name__, (Told,), {})
    stand_in: Told = kind(str(error.cause))
    lines = _rendered(error, shell)
    stand_in._render_traceback_ = lambda: lines  # type: ignore[method-assign]
    return stand_in


def _rendered(error: ProjectError, shell: Any) -> list[str]:
    """In the notebook's own colours where IPython can do it, else in Python's words."""
    # IPython leaves out the line of a SyntaxError, and the exceptions of a group.
    if isinstance(error.cause, BaseExceptionGroup | SyntaxError):
        return [error.text]
    cause = error.cause
    shown = shell.InteractiveTB.structured_traceback(type(cause), cause, error.traceback)
    return [str(line) for line in shown]
