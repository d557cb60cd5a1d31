"""`build`: print every chapter; `build --check`: is all as the house wants it?

`build --nbgrader DIR`: the printed chapters as an nbgrader course.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from workbook_site import exits
from workbook_site.management.command import WorkbookCommand

NO_COURSE = "The course can't be written to {folder} ({why}). Name a folder that you may write to."
COURSE = """\
{changed} files written to {folder}, {same} as they were. Next, in that folder:
    nbgrader generate_assignment {example} --force"""
READ_ONLY = "The notebooks can't be written ({why}). Print in a checkout that is yours to change."


class Command(WorkbookCommand):
    """Prints `notebooks/source/*.md` as notebooks, or checks the content of the workbook."""

    help = "Print the chapters' sources as notebooks. With --check: print nothing, find faults."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--check` or `--nbgrader DIR`."""
        only = parser.add_mutually_exclusive_group()
        only.add_argument(
            "--nbgrader",
            type=Path,
            metavar="DIR",
            help="write the chapters as an nbgrader course, source and release",
        )
        only.add_argument(
            "--check",
            action="store_true",
            help="change nothing; fail when a print is stale or a house rule is broken",
        )

    def handle(self, *_: Any, check: bool, nbgrader: Path | None, **__: Any) -> None:
        """Print, check, or write the course."""
        if nbgrader is not None:
            self._course(nbgrader.expanduser().absolute())
        elif check:
            self._check()
        else:
            self._build()

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
