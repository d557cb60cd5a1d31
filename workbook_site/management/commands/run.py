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
NO_FILE = "The report can't be written to {file} ({why}). Name another file with --junit."
NO_FOLDER = "The pages can't be written to {folder} ({why}). Name another folder with --html."
STOPPED = "Stopped; the kernels are ended, and nothing is left behind."
FAILED = "{failed} of {all} chapters failed; each failing cell is told above."
CHOSEN = "{some} of {all} chapters to execute."
NOTHING = "No chapter is concerned, so there is nothing to execute."


class Command(WorkbookCommand):
    """Executes chapters in fresh workspaces, with the reference solutions."""

    help = "Execute chapters from the first cell to the last; exit with 1 when a cell fails."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which chapters, and what to make of them."""
        parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help="name or number; all")
        parser.add_argument(
            "--changed",
            nargs="?",
            const="",
            metavar="REF",
            help="of these, only what changed since it left REF (otherwise the main branch)",
        )
        parser.add_argument("--html", type=Path, metavar="DIR", help="write notebooks and pages")
        parser.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit XML report")
        parser.add_argument("--jobs", type=_positive, default=_at_once(), help="chapters at once")
        parser.add_argument(
            "--timeout", type=_positive, default=120, metavar="SECONDS", help="for each cell"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Execute, show, save; exit 1 when a chapter failed."""
        console = _console(options.get("stdout"))
        chapters = _chosen(options["chapters"])
        if options["changed"] is not None:
            chapters = self._changed(chapters, options["changed"])
        if options["html"]:
            _writable(options["html"], NO_FOLDER)
        if options["junit"]:
            _writable(options["junit"].parent, NO_FILE, options["junit"])
        runs = self._executed(console, chapters, options) if chapters else []
        self._show(console, runs)
        _save(console, runs, options["html"], options["junit"])
        failed = sum(not run.passed for run in runs)
        if failed:
            raise exits.Stop(FAILED.format(failed=failed, all=len(runs)), exits.WRONG)

    def _changed(self, chapters: "list[Chapter]", ref: str) -> "list[Chapter]":
        """Those that git says are concerned; says which they are, and why."""
        from workbook_site import project
        from workbook_site.building.changed import ChangedError, choose

        try:
            choice = choose(project.chapters(), ref)
        except ChangedError as error:
            raise exits.Stop(str(error), exits.USAGE) from None
        chosen = [chapter for chapter in chapters if chapter in choice.why]
        told = [f"{chapter.stem:<20} {choice.why[chapter]}" for chapter in chosen]
        end = CHOSEN.format(some=len(chosen), all=len(chapters)) if chosen else NOTHING
        self.stdout.write("\n".join([choice.since, *told, end, ""]))
        return chosen

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
        from workbook_site.building import annotations, shown

        for run in runs:
            for wrong in run.failures:
                console.print(shown.failure(run, wrong))
            for line in annotations.annotations(run) if annotations.wanted() else ():
                self.stdout.write(line)
        if runs:
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


def _writable(folder: Path, wrong: str, file: Path | None = None) -> None:
    """Find out before the work, not after it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        if file is not None and file.is_dir():
            raise IsADirectoryError("it is a folder")
    except OSError as error:
        told = wrong.format(folder=folder, file=file, why=error)
        raise exits.Stop(told, exits.FOLDER) from None


def _save(
    console: "Console", runs: "list[ChapterRun]", folder: Path | None, report: Path | None
) -> None:
    from workbook_site.building import junit, pages

    written = []
    if report is not None:
        junit.write(runs, report)
        written.append(report)
    for run in runs if folder else ():
        assert folder is not None
        written += pages.save(run.notebook, run.chapter.stem, folder)
    for path in written:
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
    """One more than there are cores: chapters wait more than they compute."""
    own = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if own else os.cpu_count() or 1
    return cores + 1


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"a whole number above zero is needed, not {text!r}")
    return int(text)
