"""What runs inside the environment: one of Django's management commands, told no Django words."""

import argparse
import gc
import os
import sys
from typing import Any

from workbook_site import collector, early, exits
from workbook_site.hidden import ADDRESSES, hide
from workbook_site.project.chapters import UnknownChapter, UnreadableChapter

PROGRAM = "python3 -m workbook_site"


def main(argv: list[str]) -> int:
    """Run `argv[0]`, a command that exists; the answer is its exit code."""
    hide(ADDRESSES)
    _place(argv)
    try:
        begun = early.begin(argv)
        _command(argv[0], begun).run_from_argv([PROGRAM, *argv])
    except exits.Stop as stop:
        return _said(stop, stop.code)
    except UnknownChapter as unknown:
        return _said(unknown, exits.USAGE)
    except UnreadableChapter as unreadable:
        return _said(unreadable, exits.WRONG)
    except KeyboardInterrupt:
        return _said("Stopped.", exits.INTERRUPTED)
    return 0


def _place(argv: list[str]) -> None:
    """Settings are read before a command reads its options, and they name the gradebook."""
    early = argparse.ArgumentParser(add_help=False)
    early.add_argument("--gradebook", nargs="?")
    folder = early.parse_known_args(argv[1:])[0].gradebook
    if folder:
        os.environ["WORKBOOK_GRADEBOOK"] = folder


def _command(name: str, begun: Any) -> Any:
    """Load Django, and the command in it."""
    with collector.loading():
        _set_up()
        from django.core.management import load_command_class

        command: Any = load_command_class("workbook_site", name)
    command.begun = begun
    return command


def _set_up() -> None:
    before = os.environ.get("DJANGO_SETTINGS_MODULE")
    os.environ["DJANGO_SETTINGS_MODULE"] = "workbook_site.settings"
    import django

    django.setup()
    # A kernel started from here serves the learner's project: ours must not be inherited.
    if before is None:
        del os.environ["DJANGO_SETTINGS_MODULE"]
    else:
        os.environ["DJANGO_SETTINGS_MODULE"] = before


def _said(message: object, code: int) -> int:
    sys.stderr.write(f"{message}\n")
    return code


if __name__ == "__main__":
    code = main(sys.argv[1:])
    gc.freeze()  # at the end the collector would look through all of it again
    sys.exit(code)
