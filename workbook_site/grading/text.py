"""Text as every database takes it."""

from typing import Any


def scrubbed(value: Any) -> Any:
    """The same, without what PostgreSQL refuses: NUL characters and halves of surrogate pairs.

    Answers and what they print may hold both. Goes into lists and dicts.
    """
    if isinstance(value, str):
        told = value.replace("\0", "�")
        return told if told.isascii() else told.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {scrubbed(key): scrubbed(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [scrubbed(each) for each in value]
    return value
