"""A check fails by raising `Failure`: what was expected, what came, and a nudge. Prose is made
at the edge."""

from collections.abc import Mapping, Sequence
from typing import Any


class Failure(Exception):
    """The answer is not right yet.

    `message` is one sentence of what was seen, `expected` and `actual` are plain values (anything;
    shown by `repr`, or as text where they are text), `nudge` says where to look next. `traceback`
    is the learner's own, as text, when it was their code that raised.
    """

    def __init__(
        self,
        message: str,
        *,
        expected: Any = None,
        actual: Any = None,
        nudge: str = "",
        traceback: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.actual = actual
        self.nudge = nudge
        self.traceback = traceback


def equal(actual: Any, expected: Any, message: str = "", nudge: str = "") -> None:
    """Go on when both are equal and of the same kind; else raise `Failure`.

    `True` is not `1` here, at any depth: JSON tells them apart, and so do readers.
    """
    if not _same(actual, expected):
        told = message or "That is not the expected value."
        raise Failure(told, expected=_seen(expected), actual=_seen(actual), nudge=nudge)


def that(condition: object, message: str, *, nudge: str = "", **seen: Any) -> None:
    """Go on when `condition` holds; else raise `Failure(message)`.

    `expected=` and `actual=` may be given to be shown with it.
    """
    if not condition:
        raise Failure(message, nudge=nudge, **seen)


def _seen(value: Any) -> Any:
    """The same, to be shown: to a `Failure`, None means that there is nothing to show."""
    return "None" if value is None else value


def _same(one: Any, two: Any) -> bool:
    if isinstance(one, bool) or isinstance(two, bool):
        return one is two
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        return one.keys() == two.keys() and all(_same(one[key], two[key]) for key in one)
    if _is_list(one) and _is_list(two):
        return len(one) == len(two) and all(map(_same, one, two))
    return bool(one == two)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)
