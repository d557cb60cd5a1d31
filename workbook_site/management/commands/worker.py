"""`worker`: grade what waits in the gradebook, until it is stopped."""

import asyncio
import logging
import os
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

from workbook_site import deployment, exits
from workbook_site.management.command import WorkbookCommand, add_gradebook

if TYPE_CHECKING:
    from workbook_site.judge import Judge

READY = "Ready to grade for {where}. Stop with Ctrl-C; what was begun is finished first."
STOPPED = "Stopped. Graded here: {count}."
NO_DATABASE = "The gradebook's database can't be used: {why}"


class Command(WorkbookCommand):
    """One worker process. Start as many as there are cores, on as many machines as there are."""

    help = "Grade what waits in the gradebook, until it is stopped. Any number may run."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which gradebook, and how."""
        add_gradebook(parser)
        parser.add_argument(
            "--no-sandbox", action="store_true", help="run strangers' code without walls around it"
        )
        parser.add_argument("--quiet", action="store_true", help="say nothing when all is well")

    def handle(self, *_: Any, **options: Any) -> None:
        """Work until SIGTERM or SIGINT."""
        from django.db import Error

        from workbook_site.grading import opening
        from workbook_site.judge import NoSandbox

        logging.basicConfig(format="%(message)s", level=logging.WARNING)
        try:
            opening.open_gradebook()
            count = asyncio.run(self._work(not options["no_sandbox"], options["quiet"]))
        except NoSandbox as none:
            raise exits.Stop(str(none), exits.SANDBOX) from None
        except Error as error:
            raise exits.Stop(NO_DATABASE.format(why=error), exits.GRADING) from None
        if not options["quiet"]:
            self.stdout.write(STOPPED.format(count=count))

    async def _work(self, sandbox: bool, quiet: bool) -> int:
        from workbook_site.grading.work import Worker

        stop = asyncio.Event()
        _obey(stop)
        async with AsyncExitStack() as stack:
            worker = Worker(await stack.enter_async_context(_judge(sandbox)))
            if not quiet:
                self.stdout.write(READY.format(where=_where()))
            await worker.run(stop)
        return worker.done


def _judge(sandbox: bool) -> "Judge":
    from workbook_site.judge import Judge

    # Migrated databases are made once for all workers on this machine, and for the next run.
    return Judge(cache=deployment.gradebook() / "cache", sandbox=sandbox)


def _where() -> str:
    address = os.environ.get("WORKBOOK_DATABASE_URL", "")
    return address.rpartition("@")[2] if address else str(deployment.gradebook())


def _obey(stop: asyncio.Event) -> None:
    """A polite end: finish what was begun. Asked twice, or by a second Ctrl-C, end at once."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None

    def asked() -> None:
        if stop.is_set():
            task.cancel()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked)
