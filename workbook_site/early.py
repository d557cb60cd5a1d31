"""What two commands begin before Django is loaded: processes that take as long to get ready.

The command starts its workers, and a worker its judge's host; all of them then load at once.
"""

import argparse
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workbook_site.cores import cores

_NAMED = re.compile(r"(\d\d_[a-z0-9_]+?)(?:-\d+)?\.ipynb$")


def begin(argv: list[str]) -> Any:
    """What the command `argv[0]` has begun: a `Team` for `grade`, a `WarmHost` for `worker`.

    None where there is nothing to begin, or it can't be: the command then finds out why, once it
    has read all of its options.
    """
    start = {"grade": _team, "worker": _host}.get(argv[0])
    asked = _asked(argv[1:]) if start else None
    return start(asked) if start and asked else None


def _asked(words: list[str]) -> argparse.Namespace | None:
    # Values of other options are taken for paths, too, which does no harm.
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--workers", type=int, default=cores())
    parser.add_argument("--no-sandbox", action="store_true")
    parser.add_argument("paths", nargs="*", type=Path)
    try:
        asked = parser.parse_known_args(words)[0]
    except (argparse.ArgumentError, SystemExit):
        return None
    return None if asked.help or asked.workers < 1 else asked


def _team(asked: argparse.Namespace) -> Any:
    from workbook_site.grading.team import Team
    from workbook_site.judge.sandbox import NoSandbox, find

    if not asked.paths:
        return None
    try:
        if not asked.no_sandbox:
            find()
        chapters = sorted(_chapters(asked.paths))
        team = Team(asked.workers, sandbox=not asked.no_sandbox, chapters=chapters)
        team.start()
    except (NoSandbox, OSError):
        return None
    return team


def _chapters(paths: Iterable[Path]) -> set[str]:
    """Chapters that are likely to be graded, by the names of files; intake finds out for certain.

    Their databases can be made while that goes on.
    """
    found: set[str] = set()
    for path in paths:
        if path.suffix == ".zip":
            names = _packed(path)
        else:
            names = [path.name, *(each.name for each in path.glob("*/*.ipynb"))]
        found |= {match[1] for name in names if (match := _NAMED.search(name))}
    return found


def _packed(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as opened:
            return opened.namelist()
    except (OSError, ValueError, zipfile.BadZipFile):
        return []


def _host(asked: argparse.Namespace) -> Any:
    from workbook_site.judge.sandbox import NoSandbox
    from workbook_site.judge.start import WarmHost

    try:
        host = WarmHost(sandboxed=not asked.no_sandbox)
        host.launch()
    except (NoSandbox, OSError):
        return None
    return host
