"""Chapters executed before a person's eyes: what `run` and `build --html` have in common."""

import asyncio
import os
import signal
import tempfile
from argparse import ArgumentTypeError
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser, OutputWrapper

from workbook_site import exits
from workbook_site.cores import cores

if TYPE_CHECKING:
    from rich.console import Console

    from workbook_site.building.execute import ChapterRun
    from workbook_site.project import Chapter

STOPPED = "Stopped; the kernels are ended, and nothing is left behind."


def add_execution(parser: CommandParser) -> None:
    """The options `--jobs` and `--timeout`."""
    parser.add_argument("--jobs", type=_positive, default=_at_once(), help="chapters at once")
    parser.add_argument(
        "--timeout", type=_positive, default=120, metavar="SECONDS", help="for each cell"
    )


def executed(
    console: "Console", chapters: "list[Chapter]", options: dict[str, Any]
) -> "list[ChapterRun]":
    """The chapters, executed, with their progress shown. Raises `Stop` when interrupted."""
    from workbook_site.building.execute import execute
    from workbook_site.building.shown import progress

    async def all_of_them() -> "list[ChapterRun]":
        _obey_sigterm()
        how = {"jobs": options["jobs"], "timeout": options["timeout"]}
        return await execute(chapters, watch=shown.started, done=shown.done, **how)

    try:
        with progress(console, chapters) as shown:
            return asyncio.run(all_of_them())
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise exits.Stop(STOPPED, exits.INTERRUPTED) from None


def show(console: "Console", stdout: OutputWrapper, runs: "list[ChapterRun]") -> None:
    """Each failure in full, on GitHub also as an annotation, and a row for each chapter."""
    from workbook_site.building import annotations, shown

    for run in runs:
        for wrong in run.failures:
            console.print(shown.failure(run, wrong))
        for line in annotations.annotations(run) if annotations.wanted() else ():
            stdout.write(line)
    if runs:
        console.print(shown.summary(runs))


def wrote(console: "Console", path: Path) -> None:
    """Name a file that was written, in one line however long it is."""
    console.print(f"wrote {path}", markup=False, highlight=False, soft_wrap=True)


def console(file: Any) -> "Console":
    """A console on a command's output."""
    from rich.console import Console

    made = Console(file=file)
    # Where nobody looks on, nobody has a narrow window: let tracebacks keep their lines.
    return made if made.is_terminal else Console(file=file, width=120)


def writable(folder: Path, wrong: str, file: Path | None = None) -> None:
    """Find out before the work, not after it. `wrong` is what is said otherwise, with `{why}`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        if file is not None and file.is_dir():
            raise IsADirectoryError("it is a folder")
    except OSError as error:
        told = wrong.format(folder=folder, file=file, why=error)
        raise exits.Stop(told, exits.FOLDER) from None


def _obey_sigterm() -> None:
    """Let a polite end from outside clear up like Ctrl-C does."""
    task = asyncio.current_task()
    if task is not None and os.name == "posix":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


def _at_once() -> int:
    """Two for each core, and one: chapters wait far more than they compute."""
    return 2 * cores() + 1


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"a whole number above zero is needed, not {text!r}")
    return int(text)
