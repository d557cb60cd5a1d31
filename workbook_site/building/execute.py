"""Executes chapters from the first cell to the last, as a reader who does everything right would.

Each chapter gets a kernel and a workspace of its own. Exercise cells hold the reference solution,
whose verdict must be "passed"; a cell tagged `raises-exception` must raise. What came of it is a
value, `ChapterRun`; nothing here prints.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from workbook_site.building import expect
from workbook_site.building.expect import CellFailure
from workbook_site.building.kernel import Owned, kernel
from workbook_site.project import Chapter, UnknownChapter
from workbook_site.project.chapters import UnreadableChapter
from workbook_site.project.replay import solution

__all__ = ["CellFailure", "CellRun", "ChapterRun", "Started", "UnknownChapter", "execute", "runs"]

# How long one cell may take, in seconds.
TIMEOUT = 120
_STARTING = 120

TIMED_OUT = (
    "The cell did not end within {seconds:g} s. If it has to take that long, give it more with "
    "--timeout; if it waits for something, that something never came."
)
DIED = (
    "The kernel died while this cell ran: something ended the process (os._exit, a signal, "
    "memory run out)."
)
NOT_READY = "The kernel did not start: {why}"
LEFT = "The chapter left processes behind that outlived its kernel:\n{which}"


@dataclass(frozen=True)
class CellRun:
    """One executed code cell; `seconds` is for display only."""

    id: str
    seconds: float


@dataclass(frozen=True)
class Started:
    """Told whenever a cell begins: the cell's id, its number from 1, and how many there are.

    Numbers count code cells. The last one told has `number == of + 1` and no id: all is done.
    """

    chapter: Chapter
    cell: str
    number: int
    of: int


@dataclass
class ChapterRun:
    """What came of executing a chapter. `notebook` is the executed one (nbformat)."""

    chapter: Chapter
    notebook: Any
    cells: list[CellRun] = field(default_factory=list)
    failures: list[CellFailure] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Every cell is as it must be."""
        return not self.failures

    @property
    def seconds(self) -> float:
        """How long the cells took, together; for display only."""
        return sum(cell.seconds for cell in self.cells)


Watch = Callable[[Started], None]


def _unwatched(_: Started) -> None:
    """Nobody looks on."""


async def execute(
    chapters: Iterable[Chapter],
    *,
    jobs: int = 1,
    timeout: float = TIMEOUT,
    watch: Watch = _unwatched,
    done: Callable[[ChapterRun], None] = lambda _: None,
) -> list[ChapterRun]:
    """Execute chapters, `jobs` at once, each in a process of its own; results in their order.

    The longest begin first, so that none of them is left to run alone at the end.
    `watch` hears of each cell as it begins, `done` of each chapter as it ends. Raises
    `UnreadableChapter`. When cancelled, the kernels are ended first.
    """
    free = asyncio.Semaphore(jobs)

    async def one(chapter: Chapter) -> ChapterRun:
        async with free:
            run = await execute_one(chapter, timeout=timeout, watch=watch)
            done(run)
            return run

    wanted = list(chapters)
    try:
        async with asyncio.TaskGroup() as group:
            longest_first = sorted(wanted, key=_size, reverse=True)
            tasks = {chapter: group.create_task(one(chapter)) for chapter in longest_first}
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [tasks[chapter].result() for chapter in wanted]


def _size(chapter: Chapter) -> int:
    """The bytes of its notebook: how long it takes, roughly, before anything is opened."""
    return chapter.path.stat().st_size if chapter.path.is_file() else 0


async def execute_one(
    chapter: Chapter, *, timeout: float = TIMEOUT, watch: Watch = _unwatched
) -> ChapterRun:
    """Execute one chapter. Raises `UnreadableChapter`."""
    run = ChapterRun(chapter, solved(chapter))
    async with kernel() as owned, _client(run, owned, timeout) as client:
        if client is not None:
            await _cells(client, run, owned, timeout, watch)
    if owned.left:
        last = run.notebook.cells[-1]
        told = LEFT.format(which="\n".join(owned.left))
        run.failures.append(expect.failure(last, len(run.notebook.cells), told, fatal=False))
    return run


def solved(chapter: Chapter) -> Any:
    """The printed notebook with its exercises solved. Raises `UnreadableChapter`."""
    try:
        notebook = nbformat.read(chapter.path, as_version=4)  # type: ignore[no-untyped-call]
    except Exception as error:
        raise UnreadableChapter(f"{chapter.path.name} can't be read: {error}") from error
    for cell in notebook.cells:
        name = cell.metadata.get("workbook", {}).get("exercise")
        answer = solution(chapter.name, name) if name else None
        if answer is not None:
            cell.source = f"%%exercise {name}\n{answer}"
            cell.metadata.workbook["solved"] = True
    return notebook


@asynccontextmanager
async def _client(run: ChapterRun, owned: Owned, timeout: float) -> AsyncIterator[Any]:
    """nbclient on our kernel; `None` when the kernel does not answer, with the failure noted."""
    client = NotebookClient(
        run.notebook,
        km=owned.manager,
        allow_errors=True,  # what is expected and what is not, `expect` decides
        timeout=timeout,
        startup_timeout=_STARTING,
        store_widget_state=False,
    )
    try:
        await client.async_start_new_kernel_client()
    except RuntimeError as error:
        first = run.notebook.cells[0]
        told = NOT_READY.format(why=error)
        run.failures.append(expect.failure(first, 1, told, owned.last_words(), fatal=True))
        yield None
        return
    try:
        yield client
    finally:
        assert client.kc is not None
        client.kc.stop_channels()


async def _cells(client: Any, run: ChapterRun, owned: Owned, timeout: float, watch: Watch) -> None:
    code = [(place, cell) for place, cell in enumerate(run.notebook.cells) if runs(cell)]
    for number, (place, cell) in enumerate(code, start=1):
        watch(Started(run.chapter, cell.id, number, len(code)))
        began = time.monotonic()
        wrong = await _cell(client, owned, cell, place, timeout)
        run.failures += wrong or expect.failures(cell, place + 1, run.chapter.name)
        run.cells.append(CellRun(cell.id, time.monotonic() - began))
        if any(failure.fatal for failure in run.failures):
            return
    watch(Started(run.chapter, "", len(code) + 1, len(code)))


def runs(cell: Any) -> bool:
    """Whether a notebook's cell is executed: it is code, and not empty."""
    return cell.cell_type == "code" and bool(cell.source.strip())


async def _cell(
    client: Any, owned: Owned, cell: Any, place: int, timeout: float
) -> list[CellFailure]:
    """Execute a cell. What kept it from ending, if anything did."""
    try:
        await client.async_execute_cell(cell, place)
    except CellTimeoutError:
        told = TIMED_OUT.format(seconds=timeout)
        return [expect.failure(cell, place + 1, told, fatal=True)]
    except DeadKernelError:
        _stay_cancelled()
        return [expect.failure(cell, place + 1, DIED, owned.last_words(), fatal=True)]
    return []


def _stay_cancelled() -> None:
    """nbclient takes being cancelled for a dead kernel: tell them apart, stay cancelled."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
