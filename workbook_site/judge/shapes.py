"""What the judged process may say, by its shape: whoever took it over gets no further with it.

A value of another kind must not make the judge stumble: a fault of ours costs a learner nothing,
so a stranger could wish for one.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

_COUNTS = ("now", "blocked", "ready", "working", "reading", "writing", "switches", "alike")
_MOST = 1e12


def sound(verb: str, value: Any) -> bool:
    """Is this an answer to that verb?"""
    return _SHAPES.get(verb, _anything)(value)


def look(value: Any) -> bool:
    """What `judge.sight` tells."""
    return (
        isinstance(value, Mapping)
        and all(_number(value.get(name)) for name in _COUNTS)
        and all(value.get(name) is None or _number(value[name]) for name in ("next", "running"))
        and isinstance(value.get("stuck"), bool)
    )


def time(told: Mapping[str, Any]) -> bool:
    """The virtual time that comes with an answer."""
    return _number(told.get("now")) and _number(told.get("blocked"))


def frames(value: Any) -> bool:
    """Places in the learner's code."""
    known = ("file", "line", "source")
    return isinstance(value, list) and all(
        isinstance(each, Mapping) and all(name in each for name in known) for each in value
    )


def _mishap(value: Any) -> bool:
    if value is None:
        return True
    known = ("type", "message", "text")
    return (
        isinstance(value, Mapping)
        and all(name in value for name in known)
        and frames(value.get("frames"))
    )


def _number(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and abs(value) < _MOST
        and not (isinstance(value, float) and math.isnan(value))
    )


def _queries(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _list(value: Any) -> bool:
    return isinstance(value, list)


def _cookie(value: Any) -> bool:
    return isinstance(value, Mapping) and {"name", "value"} <= value.keys()


def _ran(value: Any) -> bool:
    known = {"name", "args", "kwargs", "result", "error", "retried"}
    return isinstance(value, list) and all(
        isinstance(each, Mapping)
        and known <= each.keys()
        and isinstance(each["args"], list)
        and isinstance(each["kwargs"], dict)
        for each in value
    )


def _stare(value: Any) -> bool:
    return isinstance(value, Mapping) and frames(value.get("stack")) and look(value.get("look"))


def _anything(value: Any) -> bool:
    return True


_SHAPES: dict[str, Callable[[Any], bool]] = {
    "look": look,
    "where": frames,
    "mishap": _mishap,
    "queries": _queries,
    "add": _list,
    "change": _number,
    "login": _cookie,
    "run_tasks": _ran,
    "stare": _stare,
}
