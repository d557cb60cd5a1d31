"""The class list: a CSV with the columns id, name and email, by whatever heading."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

NO_COLUMN = (
    "The roster {path} has no column for {word}. Its first line has to name the columns, "
    "such as: id,name,email"
)
UNREADABLE = "The roster {path} can't be read ({why})."
SHORT = "The roster {path} has no id in line {line}."

# Headings by which platforms call them, in small letters.
_KEYS = ("id", "student", "student id", "student_id", "key", "username", "id number", "login id",
         "sis login id")  # fmt: skip
_NAMES = ("name", "full name", "full_name", "student name")
_MAILS = ("email", "e-mail", "email address", "mail")


class RosterError(ValueError):
    """The file is no roster; the message says why."""


@dataclass(frozen=True)
class Enrolled:
    """One line of it."""

    key: str
    name: str
    email: str


def read(path: Path) -> list[Enrolled]:
    """The students of a roster. Raises `RosterError`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), skipinitialspace=True, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RosterError(UNREADABLE.format(path=path, why=error)) from error
    heads = {(head or "").strip().lower(): head for head in (rows[0] if rows else {})}
    key = _column(heads, _KEYS)
    if key is None:
        raise RosterError(NO_COLUMN.format(path=path, word="the id"))
    name, email = _column(heads, _NAMES), _column(heads, _MAILS)
    found = []
    for line, row in enumerate(rows, 2):
        told = (row.get(key) or "").strip()
        if not told:
            raise RosterError(SHORT.format(path=path, line=line))
        found.append(Enrolled(told, _cell(row, name), _cell(row, email)))
    return found


def _column(heads: dict[str, str], words: tuple[str, ...]) -> str | None:
    return next((heads[word] for word in words if word in heads), None)


def _cell(row: dict[str, str], column: str | None) -> str:
    return (row.get(column) or "").strip() if column else ""
