"""`python3 -m workbook_site gradebook`: the class in a browser, live while workers grade."""

import socket
import sys
import threading
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import CommandParser

from workbook_site import deployment, exits
from workbook_site.management.command import WorkbookCommand, add_gradebook

if TYPE_CHECKING:
    from workbook_site.grading.team import Team

FIRST_PORT = 8890
# Seconds between two looks at the workers.
LOOK = 1.0
# Seconds that open connections get to end by themselves.
GOODBYE = 2

NO_FOLDER = "The gradebook can't be kept in {folder} ({why}). Name another folder: --gradebook DIR"
TAKEN = """\
Port {port} can't be used on this machine ({why}).
Leave --port out and a free one is taken, or name another:
    python3 -m workbook_site gradebook --port {other}"""
ACCOUNT = """\

  Name        {name}
  Password    {password}

  It is shown this once, and has to be changed at the first login.
"""
ADDRESS = """
  The gradebook is open at

    http://127.0.0.1:{port}/

  It is kept in {folder}. {workers}
  Ctrl-C ends it; nothing is lost, and the same command goes on from there.
"""
WORKERS = {0: "No worker runs here.", 1: "One worker grades what is handed in."}
NO_WORKER = "Nothing is graded until that is mended and the gradebook is started again."
ONLY_SHOW = "To see the class without grading anybody: --workers 0"
MANY = "{count} workers grade what is handed in."


class Command(WorkbookCommand):
    """Serves the page on this machine, with workers beside it."""

    help = "Show the class in a browser, live while it is graded. Upload, remarks, exports."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where, with how many workers, and what to do instead of serving."""
        add_gradebook(parser)
        parser.add_argument("--port", type=int, metavar="N", help="listen here, or not at all")
        parser.add_argument("--workers", type=_count, default=1, metavar="N", help="usually 1")
        parser.add_argument(
            "--no-sandbox", action="store_true", help="workers judge answers without a sandbox"
        )
        parser.add_argument(
            "--instructor", metavar="NAME", help="make or reset an account, print its password, end"
        )
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="make the tables and the first account, and end: for servers",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Prepare, then serve until stopped."""
        self._prepare()
        if options["instructor"]:
            self._account(options["instructor"])
            return
        self._first_account()
        if not options["prepare"]:
            self._serve(options)

    def _prepare(self) -> None:
        from workbook_site.grading.opening import open_gradebook

        try:
            open_gradebook()
            deployment.keep_secret_key(settings.SECRET_KEY)
        except OSError as error:
            told = NO_FOLDER.format(folder=deployment.gradebook(), why=error)
            raise exits.Stop(told, exits.FOLDER) from None

    def _account(self, name: str) -> None:
        from workbook_site.grading.page import accounts

        self._told(name, accounts.give(name))

    def _first_account(self) -> None:
        from workbook_site.grading.page import accounts

        password = accounts.first()
        if password:
            self._told(accounts.FIRST, password)

    def _told(self, name: str, password: str) -> None:
        self.stdout.write(ACCOUNT.format(name=name, password=password))
        self.stdout.flush()

    def _serve(self, options: dict[str, Any]) -> None:
        from workbook_site.grading.page import serving
        from workbook_site.grading.team import Team

        count = options["workers"]
        if count and not options["no_sandbox"]:
            _need_sandbox()
        team = Team(count, sandbox=not options["no_sandbox"])
        with _listening(options["port"]) as listening, team, _tended(team):
            port, workers = listening.getsockname()[1], WORKERS.get(count, MANY.format(count=count))
            told = ADDRESS.format(port=port, folder=deployment.gradebook(), workers=workers)
            serving.serve(listening, GOODBYE, lambda: self._say(told))

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _need_sandbox() -> None:
    from workbook_site.judge import NoSandbox, sandbox

    try:
        sandbox.find()
    except NoSandbox as none:
        raise exits.Stop(f"{none}\n{ONLY_SHOW}", exits.SANDBOX) from None


@contextmanager
def _tended(team: "Team") -> Iterator[None]:
    """Replace workers that die, as long as this lasts. When none stays alive, the page goes on."""
    over = threading.Event()

    def tend() -> None:
        try:
            while not over.wait(LOOK):
                team.tend()
        except RuntimeError as lost:
            sys.stderr.write(f"{lost}\n{NO_WORKER}\n")

    tending = threading.Thread(target=tend)
    tending.start()
    try:
        yield
    finally:
        over.set()
        tending.join()


def _listening(port: int | None) -> socket.socket:
    """A socket at that port; without one, at the first usual port that is free, or at any."""
    for wanted in [port] if port is not None else [FIRST_PORT, FIRST_PORT + 1, 0]:
        try:
            return socket.create_server(("127.0.0.1", wanted))
        except (OSError, OverflowError) as error:
            refused, why = wanted, error
    other = refused + 1 if 1023 < refused < 65535 else FIRST_PORT
    raise exits.Stop(TAKEN.format(port=refused, why=why, other=other), exits.PORT)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"a whole number is needed, not {text!r}")
    return int(text)
