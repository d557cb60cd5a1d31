"""One answer before the judge: its processes, one after another if need be, and its checks."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from workbook_site.checking import Check, Failure, Outcome
from workbook_site.checking.judged import Gone, at
from workbook_site.checking.patience import Patience
from workbook_site.checking.site import Site
from workbook_site.judge import folders, libraries, room
from workbook_site.judge.job import Job
from workbook_site.judge.limits import Limits
from workbook_site.judge.process import Broken, Process
from workbook_site.judge.start import WarmHost
from workbook_site.judge.verdict import Seen, failed, ours
from workbook_site.project import Project

TIMED_OUT = "Your code had not ended after {seconds:.2g} seconds; it was stopped."
BUSY_NUDGE = (
    "Something there never ends, or holds up everybody: a loop without an exit, or a call that "
    "blocks without `await`."
)
# Real seconds that a process which hangs is given to say where.
LAST_WORDS = 0.5
# Real seconds between two looks at how long it has taken.
TURN = 0.1
# What is kept of the prints, in characters.
SHOWN = 4_000
CUT = "\n… (cut: there was more)"


@dataclass(frozen=True)
class Answer:
    """What a sitting is about: all files, and the database that each process gets a copy of.

    Without a database, each process makes one by the answer's own models and migrations. `checks`:
    see `Job`.
    """

    project: Project
    database: Path | None
    checks: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Life:
    """One judged process, with its time and its upstream."""

    process: Process
    patience: Patience


class Sitting:
    """Runs checks against an answer. Use it as an async context manager; it leaves nothing."""

    def __init__(
        self,
        host: Callable[[], Awaitable[WarmHost]],
        answers: Path,
        answer: Answer,
        limits: Limits,
        seed: int = 0,
    ) -> None:
        self._host, self._answers = host, answers
        self._answer, self._limits, self._seed = answer, limits, seed
        self._lost = 0
        self._left = limits.wall
        self._said = ""
        self._life: Life | None = None
        self._owned = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        await self._end()

    @property
    def output(self) -> str:
        """What the answer printed, cut."""
        said = self._said + (self._life.process.output if self._life else "")
        return said if len(said) <= SHOWN else said[:SHOWN] + CUT

    # --- Checks ---

    async def checks(self, checks: Sequence[Check]) -> list[Seen]:
        """Run all checks in order; what each came to.

        A check whose process dies or hangs fails; the next one gets a new process, until too many
        were lost. An answer that does not load fails all checks, and says why once.
        """
        seen: list[Seen] = []
        for check in checks:
            if self._lost >= self._limits.lives:
                seen.append(Seen(Outcome.NOT_TRIED))
                continue
            try:
                seen.append(await self._check(check))
            except Broken as broken:
                return [failed(broken), *[Seen(Outcome.NOT_YET)] * (len(checks) - 1)]
        return seen

    async def _check(self, check: Check) -> Seen:
        try:
            async with AsyncExitStack() as stack:
                site = await self._site(check.name, stack)
                await self._bounded(check.run(site))
                await self._still_there()
        except Broken:
            raise
        except Gone as gone:
            return await self._lose(gone)
        except Failure as failure:
            # What a frame held would otherwise stay until a collection: a body of 16 MB, maybe.
            traceback.clear_frames(failure.__traceback__)
            return failed(failure)
        except Exception:
            return ours()
        return Seen(Outcome.PASSED)

    async def site(self, name: str = "") -> Site:
        """A site as at the beginning, for the one who needs no more than one."""
        return await self._site(name, self._owned)

    async def _site(self, name: str, stack: AsyncExitStack) -> Site:
        await self._bounded(self._as_at_the_beginning())
        life = self._alive()
        site = Site(life.process, life.patience, seed=self._seed, name=name)
        stack.push_async_callback(site.close)
        return site

    async def _bounded(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it within the limits of real time. Raises `Gone` when they are over."""
        seconds = max(0.0, min(self._limits.check, self._left))
        task = asyncio.ensure_future(work)
        try:
            await self._wait(task, seconds)
            if not task.done():
                # Asked before the work is given up: that would wake whoever hangs.
                raise await self._hung(seconds)
            task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _wait(self, task: "asyncio.Future[None]", seconds: float) -> None:
        """Wait until it is done, so many seconds at most.

        A turn counts as what it was to be, however long it took: on a machine that has no time for
        us, it had none for the answer either.
        """
        loop = asyncio.get_running_loop()
        while not task.done() and seconds > 0:
            began = loop.time()
            await asyncio.wait({task}, timeout=min(TURN, seconds))
            counted = min(loop.time() - began, TURN)
            seconds -= counted
            self._left -= counted

    # --- Lives ---

    async def _as_at_the_beginning(self) -> None:
        life = self._life
        if life is not None:
            life.patience.upstream.reset()
            if life.process.connected and await life.process.read("restore"):
                return
            await self._end()
        await self._begin()

    async def _begin(self) -> None:
        host = await self._host()
        files, database = self._answer.project, self._answer.database
        if host.sandboxed:
            folder = folders.empty(self._answers)
            process = Process(folder.path, database, files)
        else:
            folder = folders.make(self._answers, files, database)
            process = Process(folder.path, database)
        self._owned.callback(folder.remove)
        patience = Patience(process)
        self._owned.push_async_callback(patience.close)
        self._life = Life(process, patience)
        if host.sandboxed:
            await process.start(host, self._job(folder, room.UPSTREAM_URL))
            patience.upstream.listen_on(await process.upstream())
            await self._owned.enter_async_context(patience.upstream)
        else:
            await self._owned.enter_async_context(patience.upstream)
            await process.start(host, self._job(folder, patience.upstream.url))
        await process.loaded()
        await patience.until(process.ready(), "for its own start (lifespan)")

    def _job(self, folder: folders.Folder, upstream: str) -> Job:
        return Job(
            site=str(folder.site),
            state=str(folder.state),
            upstream=upstream,
            migrate=self._answer.database is None,
            serve=True,
            limits=self._limits,
            checks=self._answer.checks,
            libraries=libraries.spoken_of(self._answer.project.files.values()),
        )

    def _alive(self) -> Life:
        assert self._life is not None
        return self._life

    async def _still_there(self) -> None:
        """Nobody dies unseen: not even after the last answer of a check."""
        process = self._alive().process
        if process.gone.done():
            raise process.gone.result()

    async def _hung(self, seconds: float) -> Gone:
        process = self._life.process if self._life else None
        where = await _last_words(process) if process else []
        place = at(where[-1]) if where else None
        told = TIMED_OUT.format(seconds=seconds)
        return Gone(told, actual=place, nudge=BUSY_NUDGE, traceback=place or "")

    async def _lose(self, gone: Gone) -> Seen:
        await self._end()
        self._lost += 1
        return ours(gone) if gone.ours else failed(gone)

    async def _end(self) -> None:
        life, self._life = self._life, None
        if life is not None:
            await life.process.end()
            self._said += life.process.output
        await self._owned.aclose()
        self._owned = AsyncExitStack()


async def _last_words(process: Process) -> list[dict[str, Any]]:
    """Where it is: its main thread, or what its coroutines wait for."""
    if not process.connected:  # the time was over before it began
        return []
    try:
        async with asyncio.timeout(LAST_WORDS):
            stack = list((await process.watch("stare"))["stack"])
            return stack or list(await process.ask("where"))
    except (TimeoutError, Failure):
        return []
