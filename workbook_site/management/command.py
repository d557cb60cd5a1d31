"""What the workbook's commands have in common."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from workbook_site import places


class WorkbookCommand(BaseCommand):
    """A Django command without those of Django's options that say nothing to our readers.

    `begun`: what `early` has begun for it.
    """

    begun: Any = None

    requires_system_checks: list[str] = []  # noqa: RUF012  Django's own way to say "none".
    suppressed_base_arguments = {  # noqa: RUF012
        *("--version", "--verbosity", "--settings", "--pythonpath", "--traceback"),
        *("--no-color", "--force-color", "--skip-checks"),
    }


def add_workspace(parser: CommandParser) -> None:
    """The option `--workspace DIR`."""
    parser.add_argument(
        "--workspace",
        metavar="DIR",
        help="the folder with your notebooks and your project (otherwise my_workbook)",
    )


def workspace(options: dict[str, Any]) -> Path:
    """The folder that was named, or the usual one."""
    named = options["workspace"]
    return Path(named).expanduser().resolve() if named else places.workspace()


def add_gradebook(parser: CommandParser) -> None:
    """The option `--gradebook DIR`: read before this parser is, see `inside.py`."""
    parser.add_argument(
        "--gradebook",
        metavar="DIR",
        help="the folder with the database, late policy and feedback (otherwise ./gradebook)",
    )


def positive(text: str) -> int:
    """An option's number, at least 1."""
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"a whole number above zero is needed, not {text!r}")
    return int(text)
