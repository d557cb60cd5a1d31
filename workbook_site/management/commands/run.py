"""`run [CHAPTER ...]`: execute chapters headless, from the first cell to the last."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

from workbook_site import exits
from workbook_site.management import executing
from workbook_site.management.command import WorkbookCommand

if TYPE_CHECKING:
    from rich.console import Console

    from workbook_site.building.execute import ChapterRun
    from workbook_site.project import Chapter

NONE = "There is no printed chapter to execute. Print them first: python3 -m workbook_site build"
NO_FOLDER = "The pages can't be written to {folder} ({why}). Name another folder with --html."
NO_FILE = "The report can't be written to {file} ({why}). Name another file with --junit."
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
        executing.add_execution(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        """Execute, show, save; exit 1 when a chapter failed."""
        console = executing.console(options.get("stdout"))
        chapters = _chosen(options["chapters"])
        if options["changed"] is not None:
            chapters = self._changed(chapters, options["changed"])
        if options["html"]:
            executing.writable(options["html"], NO_FOLDER)
        if options["junit"]:
            executing.writable(options["junit"].parent, NO_FILE, options["junit"])
        runs = executing.executed(console, chapters, options) if chapters else []
        executing.show(console, self.stdout, runs)
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


def _chosen(names: list[str]) -> "list[Chapter]":
    """The chapters called so, each once, in the order of reading; all when none is named.

    Raises `UnknownChapter`.
    """
    from workbook_site.project import chapters, find

    chosen = sorted({find(name) for name in names}) if names else chapters()
    if not chosen:
        raise exits.Stop(NONE)
    return chosen


def _save(
    console: "Console", runs: "list[ChapterRun]", folder: Path | None, report: Path | None
) -> None:
    from workbook_site.building import junit, pages

    if report is not None:
        junit.write(runs, report)
        executing.wrote(console, report)
    for run in runs if folder else ():
        assert folder is not None
        for path in pages.save(run.notebook, run.chapter.stem, folder):
            executing.wrote(console, path)
