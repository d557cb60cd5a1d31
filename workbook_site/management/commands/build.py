"""`build`: print every chapter; `--check`: find faults; `--html`: make a site to read.

`build --nbgrader DIR`: the printed chapters as an nbgrader course.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

from workbook_site import exits
from workbook_site.management import executing
from workbook_site.management.command import WorkbookCommand

if TYPE_CHECKING:
    from rich.console import Console

    from workbook_site.building.execute import ChapterRun

NO_COURSE = "The course can't be written to {folder} ({why}). Name a folder that you may write to."
COURSE = """\
{changed} files written to {folder}, {same} as they were. Next, in that folder:
    nbgrader generate_assignment {example} --force"""
READ_ONLY = "The notebooks can't be written ({why}). Print in a checkout that is yours to change."
NO_FOLDER = "The site can't be written to {folder} ({why}). Name another folder with --html."
FROM_ALONE = "--from DIR says where the notebooks of a site come from: name it with --html."
NO_CHAPTER = "There is no chapter to make a site of: notebooks/source/ has none."
NO_SITE = (
    "No site was written: {failed} of {all} chapters failed, and a page would show it. "
    "Each failing cell is told above."
)
NOWHERE = "The site is written; {wrong} to mend, told above: a reader would be led astray."
WRITTEN = "A site of {pages} pages. To read it, open {index}"


class Command(WorkbookCommand):
    """Prints `notebooks/source/*.md` as notebooks, checks the content, or makes a site of it."""

    help = "Print the chapters' sources as notebooks. With --check: print nothing, find faults."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to make."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--check",
            action="store_true",
            help="change nothing; fail when a print is stale or a house rule is broken",
        )
        what.add_argument(
            "--nbgrader",
            type=Path,
            metavar="DIR",
            help="write the chapters as an nbgrader course, source and release",
        )
        what.add_argument(
            "--html",
            type=Path,
            metavar="DIR",
            help="print, execute, and write a static site to read without running anything",
        )
        parser.add_argument(
            "--from",
            type=Path,
            metavar="DIR",
            dest="executed",
            help="with --html: execute nothing, take the notebooks that `run --html DIR` wrote",
        )
        executing.add_execution(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        """Print, check, write the course, or make a site."""
        if options["executed"] and not options["html"]:
            raise exits.Stop(FROM_ALONE, exits.USAGE)
        if options["nbgrader"]:
            self._course(options["nbgrader"].expanduser().absolute())
            return
        if options["check"]:
            self._check()
            return
        if options["html"]:
            executing.writable(options["html"], NO_FOLDER)
        self._build()
        if options["html"]:
            self._site(options["html"], options)

    def _build(self) -> None:
        from workbook_site.building.printing import build

        try:
            built = build()
        except OSError as error:
            raise exits.Stop(READ_ONLY.format(why=error), exits.FOLDER) from None
        for path in built.changed:
            self.stdout.write(f"printed {path.name}")
        self.stdout.write(f"{len(built.changed)} printed, {len(built.same)} as they were.")
        if built.wrong:
            raise exits.Stop("\n".join(built.wrong))

    def _course(self, folder: Path) -> None:
        from workbook_site import project
        from workbook_site.nbgrader import course

        try:
            made = course.build(folder)
        except OSError as error:
            raise exits.Stop(NO_COURSE.format(folder=folder, why=error), exits.FOLDER) from None
        told = {"changed": len(made.changed), "same": len(made.same), "folder": folder}
        self.stdout.write(COURSE.format(**told, example=project.chapters()[0].name))

    def _check(self) -> None:
        from workbook_site.building.rules import Content, look
        from workbook_site.building.rules.judged import findings as judged

        content = Content()
        findings = sorted({*look(content), *judged(content)})
        for finding in findings:
            self.stdout.write(str(finding))
        if findings:
            raise exits.Stop(f"{len(findings)} to mend, each told above with its remedy.")
        chapters, exercises = len(content.pages), len(content.exercises)
        self.stdout.write(f"All is in order: chapters {chapters}, exercises {exercises}.")

    def _site(self, folder: Path, options: dict[str, Any]) -> None:
        from workbook_site.building import website

        console = executing.console(options.get("stdout"))
        runs = self._runs(console, options)
        failed = sum(not run.passed for run in runs)
        if failed:
            raise exits.Stop(NO_SITE.format(failed=failed, all=len(runs)))
        wrong = website.broken(website.write(runs, folder))
        for finding in wrong:
            self.stdout.write(finding)
        self.stdout.write(WRITTEN.format(pages=len(runs) + 1, index=folder / "index.html"))
        if wrong:
            raise exits.Stop(NOWHERE.format(wrong=len(wrong)))

    def _runs(self, console: "Console", options: dict[str, Any]) -> "list[ChapterRun]":
        """Every chapter, executed now or before."""
        from workbook_site.building.website import NotExecuted, taken
        from workbook_site.project import chapters

        every = chapters()
        if not every:
            raise exits.Stop(NO_CHAPTER)
        if not options["executed"]:
            runs = executing.executed(console, every, options)
        else:
            try:
                runs = taken(every, options["executed"])
            except NotExecuted as error:
                raise exits.Stop(str(error)) from None
        # Of those that were executed before, only what failed is news.
        news = [run for run in runs if not (options["executed"] and run.passed)]
        executing.show(console, self.stdout, news)
        return runs
