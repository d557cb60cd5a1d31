"""Values on a line of JSON, and back: what rows, mails and tasks are made of."""

import base64
import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

_WRITE: dict[type, Callable[[Any], Any]] = {
    bytes: lambda value: base64.b64encode(value).decode(),
    tuple: lambda value: [pack(each) for each in value],
    datetime.datetime: datetime.datetime.isoformat,
    datetime.date: datetime.date.isoformat,
    datetime.time: datetime.time.isoformat,
    datetime.timedelta: lambda value: [value.days, value.seconds, value.microseconds],
    Decimal: str,
}
_READ: dict[str, Callable[[Any], Any]] = {
    "bytes": base64.b64decode,
    "tuple": lambda value: tuple(unpack(each) for each in value),
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "timedelta": lambda value: datetime.timedelta(*value),
    "Decimal": Decimal,
}
# Stands before a value that JSON has no kind for.
_KIND = "$"


def pack(value: Any) -> Any:
    """Data that JSON can carry; what it can't is told by its `repr`."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [pack(each) for each in value]
    if isinstance(value, dict):
        return {_KIND: "dict", "items": [[pack(key), pack(each)] for key, each in value.items()]}
    write = _WRITE.get(type(value))
    return repr(value) if write is None else {_KIND: type(value).__name__, "value": write(value)}


def unpack(value: Any) -> Any:
    """What `pack` was given. Raises `ValueError`, `KeyError` or `TypeError` for anything else."""
    if isinstance(value, list):
        return [unpack(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value[_KIND] == "dict":
        return {unpack(key): unpack(each) for key, each in value["items"]}
    return _READ[value[_KIND]](value["value"])
