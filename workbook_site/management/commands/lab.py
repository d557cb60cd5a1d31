"""`python3 -m workbook_site lab`: bring the chapters, and open JupyterLab on the first."""

from typing import Any

from django.core.management.base import CommandParser

from workbook_site import lab
from workbook_site.management.command import WorkbookCommand, add_workspace, workspace
from workbook_site.workspace import delivery

ARRIVED = "Notebooks in {folder}:\n{delivered}"


class Command(WorkbookCommand):
    """Prepares the workspace, then becomes JupyterLab."""

    help = "Open the chapters in JupyterLab, in a workspace of your own. Newer versions come along."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--no-browser`, `--port N`, `--workspace DIR`."""
        parser.add_argument("--no-browser", action="store_true", help="only print the address")
        parser.add_argument("--port", type=int, metavar="N", help="listen here, or not at all")
        add_workspace(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until stopped."""
        folder = workspace(options)
        lab.free(options["port"])
        delivered = str(delivery.deliver(folder))
        if delivered:
            self.stdout.write(ARRIVED.format(folder=folder, delivered=delivered))
            self.stdout.flush()
        lab.start(folder, options["port"], browser=not options["no_browser"])
