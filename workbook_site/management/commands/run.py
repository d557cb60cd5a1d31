"""`run [CHAPTER ...]`: execute chapters headless, from the first cell to the last."""

import asyncio
import os
import signal
import tempfile
from argparse import ArgumentTypeError
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

from workbook_site import exits
from workbook_site.management.command import WorkbookCommand

if TYPE_CHECKING:
    from rich.console import Console

    from workbook_site.building.execute import ChapterRun
    from workbook_site.project import Chapter

NONE = "There is no printed chapter to execute. Print them first: python3 -m workbook_site build"
NO_FOLDER = "The pages can't be written to {folder} ({why}). Name another folder with --html."
STOPPED = "Stopped; the kernels are ended, and nothing is left behind."
FAILED = "{failed} of {all} chapters failed; each failing cell is told above."


class Command(WorkbookCommand):
    """Executes chapters in fresh workspaces, with the reference solutions."""

    help = "Execute chapters from the first cell to the last; exit with 1 when a cell fails."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which chapters, and what to make of them."""
        parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help="name or number; all")
        parser.add_argument("--html", type=Path, metavar="DIR", help="write notebooks and pages")
        parser.add_argument("--jobs", type=_positive, default=_at_once(), help="chapters at once")
        parser.add_argument(
            "--timeout", type=_positive, default=120, metavar="SECONDS", help="for each cell"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Execute, show, save; exit 1 when a chapter failed."""
        console = _console(options.get("stdout"))
        chapters = _chosen(options["chapters"])
        if options["html"]:
            _writable(options["html"])
        runs = self._executed(console, chapters, options)
        self._show(console, runs)
        if options["html"]:
            _save(console, runs, options["html"])
        failed = sum(not run.passed for run in runs)
        if failed:
            raise exits.Stop(FAILED.format(failed=failed, all=len(runs)), exits.WRONG)

    def _executed(
        self, console: "Console", chapters: "list[Chapter]", options: dict[str, Any]
    ) -> "list[ChapterRun]":
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

    def _show(self, console: "Console", runs: "list[ChapterRun]") -> None:
        from workbook_site.building import shown

        for run in runs:
            for wrong in run.failures:
                console.print(shown.failure(run, wrong))
        console.print(shown.summary(runs))


def _chosen(names: list[str]) -> "list[Chapter]":
    """The chapters called so, each once, in the order of reading; all when none is named.

    Raises `UnknownChapter`.
    """
    from workbook_site.project import chapters, find

    chosen = sorted({find(name) for name in names}) if names else chapters()
    if not chosen:
        raise exits.Stop(NONE)
    return chosen


def _writable(folder: Path) -> None:
    """Find out before the work, not after it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise exits.Stop(NO_FOLDER.format(folder=folder, why=error), exits.FOLDER) from None


def _save(console: "Console", runs: "list[ChapterRun]", folder: Path) -> None:
    from workbook_site.building.pages import save

    for run in runs:
        for path in save(run.notebook, run.chapter.stem, folder):
            console.print(f"wrote {path}", markup=False, highlight=False, soft_wrap=True)


def _console(file: Any) -> "Console":
    from rich.console import Console

    console = Console(file=file)
    # Where nobody looks on, nobody has a narrow window: let tracebacks keep their lines.
    return console if console.is_terminal else Console(file=file, width=120)


def _obey_sigterm() -> None:
    """Let a polite end from outside clear up like Ctrl-C does."""
    task = asyncio.current_task()
    if task is not None and os.name == "posix":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


def _at_once() -> int:
    """Two for each core: chapters wait far more than they compute."""
    own = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if own else os.cpu_count() or 1
    return 2 * cores


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"a whole number above zero is needed, not {text!r}")
    return int(text)
