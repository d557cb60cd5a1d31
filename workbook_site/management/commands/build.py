"""`build`: print every chapter; `build --check`: is all as the house wants it?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Prints `notebooks/source/*.md` as notebooks, or checks the content of the workbook."""

    help = "Print the chapters' sources as notebooks. With --check: print nothing, find faults."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One flag."""
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; fail when a print is stale or a house rule is broken",
        )

    def handle(self, *_: Any, check: bool, **__: Any) -> None:
        """Print, or check."""
        if check:
            self._check()
        else:
            self._build()

    def _build(self) -> None:
        from workbook_site.building.printing import build

        built = build()
        for path in built.changed:
            self.stdout.write(f"printed {path.name}")
        self.stdout.write(f"{len(built.changed)} printed, {len(built.same)} as they were.")
        if built.wrong:
            raise CommandError("\n".join(built.wrong))

    def _check(self) -> None:
        from workbook_site.building.rules import Content, look
        from workbook_site.building.rules.judged import findings as judged

        content = Content()
        findings = sorted({*look(content), *judged(content)})
        for finding in findings:
            self.stdout.write(str(finding))
        if findings:
            raise CommandError(f"{len(findings)} to mend, each told above with its remedy.")
        told = f"{len(content.pages)} chapters and {len(content.exercises)} exercises are in order."
        self.stdout.write(told)
