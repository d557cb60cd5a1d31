"""`python3 -m workbook_site reset CHAPTER|EXERCISE`: as it was printed, after a backup."""

from typing import Any

from django.core.management.base import CommandParser

from workbook_site.management.command import WorkbookCommand, add_workspace, workspace
from workbook_site.workspace import resetting

CHAPTER = """\
Restored {file}, and forgot the progress of its exercises.
What was there before: {backup}
If it is open in JupyterLab: File > Reload Notebook from Disk."""
EXERCISE = """\
Restored the cell of the exercise {exercise} in {file}, and forgot its progress.
What was there before: {backup}
If the notebook is open in JupyterLab: File > Reload Notebook from Disk.
Your project changes when you run the cell."""


class Command(WorkbookCommand):
    """Restores one chapter's notebook, or one exercise's cell."""

    help = "Restore a chapter or an exercise as it was printed. What was there is backed up."

    def add_arguments(self, parser: CommandParser) -> None:
        """`NAME`, `--workspace DIR`."""
        parser.add_argument("name", metavar="CHAPTER|EXERCISE", help="such as 01, async_views")
        add_workspace(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, and say where the backup is."""
        done = resetting.reset(options["name"], workspace(options))
        told = (EXERCISE if done.exercise else CHAPTER).format(
            file=done.chapter.path.name, exercise=done.exercise, backup=done.backup
        )
        self.stdout.write(told)
