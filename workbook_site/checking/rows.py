"""Rows of the judged database, read from its file: nobody in between can embellish them."""

import contextlib
import datetime
import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from workbook_site.checking.failure import Failure

DATABASE = "db.sqlite3"

# Real seconds to wait for a lock that is held while a transaction is written.
PATIENCE = 1.0

NO_TABLE = "The database has no table for {model}."
NO_TABLE_NUDGE = "Is there such a model, in an app of INSTALLED_APPS? There are: {known}."
NO_COLUMN = "The table of {model} has no column {name!r}."
LOCKED = "The database is locked: your project holds it in a transaction that does not end."
LOCKED_NUDGE = "Leave the `atomic` block before you wait for anything."
GONE = "The database file of your project is gone, or is no database any more."

Row = dict[str, Any]


def read(state: Path, model: str, equals: Row) -> list[Row]:
    """The rows of `app.Model` (or of a table, when there is no dot) whose columns equal these."""
    with _reading(state / DATABASE) as connection:
        table = model.replace(".", "_").lower()
        kinds = _columns(connection, model, table)
        for name in equals:
            if name not in kinds:
                told = NO_COLUMN.format(model=model, name=name)
                raise Failure(told, expected=name, actual=", ".join(kinds))
        # The names were found in the table: they are not free text.
        where = " AND ".join(f'"{name}" IS ?' for name in equals) or "1"
        found = connection.execute(
            f'SELECT * FROM "{table}" WHERE {where} ORDER BY 1',  # noqa: S608
            [_to_sqlite(value) for value in equals.values()],
        )
        return [_row(each, kinds) for each in found]


@contextlib.contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    try:
        opened = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=PATIENCE)
        with contextlib.closing(opened) as found:
            found.row_factory = sqlite3.Row
            found.execute("PRAGMA trusted_schema = OFF")
            yield found
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise Failure(LOCKED, nudge=LOCKED_NUDGE) from None
        raise Failure(GONE, actual=str(error)) from None
    except sqlite3.DatabaseError as error:
        raise Failure(GONE, actual=str(error)) from None


def _columns(connection: sqlite3.Connection, model: str, table: str) -> dict[str, str]:
    kinds = {
        each["name"]: each["type"].lower().partition("(")[0]
        for each in connection.execute("SELECT name, type FROM pragma_table_info(?)", [table])
    }
    if not kinds:
        known = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = sorted(name for (name,) in known if not name.startswith(("sqlite", "django_")))
        nudge = NO_TABLE_NUDGE.format(known=", ".join(names))
        raise Failure(NO_TABLE.format(model=model), nudge=nudge)
    return kinds


def _row(found: sqlite3.Row, kinds: dict[str, str]) -> Row:
    return {name: _from_sqlite(found[name], kind) for name, kind in kinds.items()}


def _moment(value: Any) -> datetime.datetime:
    return datetime.datetime.fromisoformat(value).replace(tzinfo=datetime.UTC)


# How Django's SQLite columns are read, by the type that it declares.
_READERS: dict[str, Callable[[Any], Any]] = {
    "bool": bool,
    "datetime": _moment,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "decimal": lambda value: Decimal(str(value)),
}


def _from_sqlite(value: Any, kind: str) -> Any:
    if value is None or kind not in _READERS:
        return value
    try:
        return _READERS[kind](value)
    except (TypeError, ValueError, ArithmeticError):  # not what Django would have written
        return value


def _to_sqlite(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
