"""`worker`: grade what waits in the gradebook, until it is stopped."""

import asyncio
import contextlib
import logging
import os
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.core.management.base import CommandParser

from workbook_site import deployment, exits
from workbook_site.management.command import WorkbookCommand, add_gradebook, positive

if TYPE_CHECKING:
    from workbook_site.grading.work import Worker
    from workbook_site.judge import Judge
    from workbook_site.judge.start import WarmHost

READY = "Ready to grade for {where}. Stop with Ctrl-C; what was begun is finished first."
STOPPED = "Stopped. Graded here: {count}."
NO_DATABASE = "The gradebook's database can't be used: {why}"


class Command(WorkbookCommand):
    """One worker process. Start more, on as many machines as there are."""

    help = "Grade what waits in the gradebook, until it is stopped. Any number may run."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which gradebook, and how."""
        add_gradebook(parser)
        parser.add_argument(
            "--no-sandbox", action="store_true", help="run strangers' code without walls around it"
        )
        parser.add_argument(
            "--at-once", type=positive, default=1, metavar="N", help="submissions at a time"
        )
        parser.add_argument(
            "--likely",
            action="append",
            default=[],
            metavar="CHAPTER",
            help="make the databases of this chapter while nothing waits yet",
        )
        parser.add_argument("--quiet", action="store_true", help="say nothing when all is well")

    def handle(self, *_: Any, **options: Any) -> None:
        """Work until SIGTERM or SIGINT."""
        from django.db import Error

        from workbook_site.judge import NoSandbox

        logging.basicConfig(format="%(message)s", level=logging.WARNING)
        try:
            count = asyncio.run(self._work(options))
        except NoSandbox as none:
            raise exits.Stop(str(none), exits.SANDBOX) from None
        except Error as error:
            raise exits.Stop(NO_DATABASE.format(why=error), exits.GRADING) from None
        if not options["quiet"]:
            self.stdout.write(STOPPED.format(count=count))

    async def _work(self, options: dict[str, Any]) -> int:
        stop = asyncio.Event()
        _obey(stop)
        async with AsyncExitStack() as stack:
            judge = _judge(self.begun, not options["no_sandbox"])
            warming = asyncio.create_task(judge.__aenter__())
            stack.push_async_callback(_end, warming)
            likely = asyncio.create_task(_prepare(warming, options["likely"]))
            stack.callback(likely.cancel)
            worker_class = await asyncio.to_thread(_worker)
            await sync_to_async(_open)()
            worker = worker_class(await warming)
            if not options["quiet"]:
                self.stdout.write(READY.format(where=_where()))
            await worker.run(stop, options["at_once"])
        return worker.done


async def _prepare(warming: "asyncio.Task[Judge]", chapters: list[str]) -> None:
    """A help, and no more: whatever goes wrong shows when the chapter is graded."""
    with contextlib.suppress(Exception):
        judge = await asyncio.shield(warming)
        for chapter in chapters:
            await judge.warm(chapter)


async def _end(warming: "asyncio.Task[Judge]") -> None:
    warming.cancel()
    with contextlib.suppress(Exception, asyncio.CancelledError):  # told where it is waited for
        judge = await warming
        await judge.__aexit__(None, None, None)


def _worker() -> "type[Worker]":
    from workbook_site.grading.work import Worker

    return Worker


def _open() -> None:
    from workbook_site.grading import opening

    opening.open_gradebook()


def _judge(host: "WarmHost | None", sandbox: bool) -> "Judge":
    from workbook_site.judge import Judge

    # Migrated databases are made once for all workers on this machine, and for the next run.
    return Judge(cache=deployment.gradebook() / "cache", sandbox=sandbox, host=host)


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
