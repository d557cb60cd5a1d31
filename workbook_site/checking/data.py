"""The learner's data, in which a check may look things up without asking first.

data["total"]      an absent key, or something that has no keys, is a `Failure`,
data[0]            and so is an absent place: never an error of the check.
"""

import json
import re
from typing import Any, Never

from workbook_site.checking.failure import Failure

# How deep data may be nested; and all that matters to that: brackets, outside of strings.
DEEPEST = 100
TOO_DEEP = f"It is nested deeper than {DEEPEST} levels."
_STEPS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')

NO_KEY = "The data has no {key!r}."
NO_PLACE = "The data has no item {key!r}."
NO_KEYS = "The data is {what}, so it has no {key!r}."


class Unset:
    """Stands for "not given", where None is a value like any other."""


unset = Unset()


class Object(dict[str, Any]):
    """A JSON object of the learner's."""

    def __missing__(self, key: str) -> Never:
        raise Failure(NO_KEY.format(key=key), expected=key, actual=list(self))


class List(list[Any]):
    """A JSON list of the learner's."""

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, int | slice):
            raise Failure(NO_KEYS.format(what="a list", key=key), actual=list(self))
        try:
            return super().__getitem__(key)
        except IndexError:
            raise Failure(NO_PLACE.format(key=key), actual=list(self)) from None


def parse(text: str | bytes) -> Any:
    """JSON that a stranger wrote. Raises `ValueError`, for what is nested too deep, too."""
    told = text.decode("utf-8") if isinstance(text, bytes) else text
    # Python's own reader gives up at some depth, but not everywhere in a way one can go on from.
    if told.count("[") + told.count("{") > DEEPEST and _depth(told) > DEEPEST:
        raise ValueError(TOO_DEEP)
    return json.loads(told)


def _depth(text: str) -> int:
    """How deep lists and objects are nested, at most."""
    depth = most = 0
    for found in _STEPS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        most = max(most, depth)
    return most


def learners(value: Any) -> Any:
    """JSON data with `Object` and `List` in place of dict and list, at any depth."""
    if isinstance(value, dict):
        return Object({name: learners(each) for name, each in value.items()})
    if isinstance(value, list):
        return List(map(learners, value))
    return value
