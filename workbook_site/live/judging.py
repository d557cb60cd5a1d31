"""The judge, in a thread of the kernel with an event loop of its own.

A cell magic is an ordinary function, called while the notebook's loop runs; so it waits here,
interruptibly, for a verdict that another thread's loop brings. What the cell shows is its own.
"""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from workbook_site.checking.exercise import Exercise
from workbook_site.checking.report import Report
from workbook_site.judge import Judge, verdict

T = TypeVar("T")

# Seconds between two chances for an interrupt to be heard, on systems where waiting defers it.
TURN = 0.5


class Judging:
    """One judge for the kernel. Its host process starts with the first `warm` or `grade`.

    `sandbox`: the answers are other people's; `grade` then raises `NoSandbox` where there is none.
    """

    def __init__(self, cache: Path, *, sandbox: bool = False) -> None:
        self._cache = cache
        self._sandbox = sandbox
        self._loop = asyncio.new_event_loop()
        self._judge: asyncio.Task[Judge] | None = None
        self._thread = threading.Thread(target=self._turn, name="judging", daemon=True)
        self._thread.start()

    def warm(self, chapter: str) -> None:
        """Start the host and prepare the chapter's exercises; returns at once."""
        self._submit(self._warm(chapter))

    def grade(self, exercise: Exercise, answer: str) -> Report:
        """The verdict on an answer. Blocks; an interrupt ends the wait and the judging."""
        verdict = self._submit(self._grade(exercise, answer))
        try:
            while True:
                try:
                    return verdict.result(TURN)
                except TimeoutError:
                    if verdict.done():
                        raise
        except KeyboardInterrupt:
            verdict.cancel()
            raise

    def close(self) -> None:
        """End the host process."""
        self._submit(self._close()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _grade(self, exercise: Exercise, answer: str) -> Report:
        try:
            judge = await self._opened()
        except Exception:  # it could not even begin: no place for its files, no process to be had
            return verdict.all_alike(exercise, verdict.ours())
        return await judge.grade(exercise, answer)

    async def _warm(self, chapter: str) -> None:
        await (await self._opened()).warm(chapter)

    async def _opened(self) -> Judge:
        """The judge, entered once; after a failure the next call tries again."""
        failed = self._judge and self._judge.done() and self._judge.exception()
        if self._judge is None or failed:
            self._judge = asyncio.create_task(self._entered())
        # An interrupted cell must not take the judge along.
        return await asyncio.shield(self._judge)

    async def _entered(self) -> Judge:
        return await Judge(cache=self._cache, sandbox=self._sandbox).__aenter__()

    async def _close(self) -> None:
        if self._judge is not None:
            await (await self._judge).__aexit__(None, None, None)

    def _submit(self, coroutine: Coroutine[Any, Any, T]) -> "Future[T]":
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def _turn(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
