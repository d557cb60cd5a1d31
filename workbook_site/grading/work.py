"""The worker: takes a submission, has each answer judged, writes down what came of it.

    async with Judge(sandbox=True) as judge:
        await Worker(judge).run(stop, at_once=2)

Any number of them may run, on any number of machines. Each can be killed at any moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass

from asgiref.sync import sync_to_async

from workbook_site.checking import Exercise, Report
from workbook_site.grading import keys, leases, queue, store
from workbook_site.grading.models import Submission
from workbook_site.grading.nudge import nudge
from workbook_site.grading.store import Judged
from workbook_site.intake import Answer, NotUsable, answers
from workbook_site.judge import Judge

# Seconds between two looks for work, where the queue itself does not wait: at first, and at most.
LOOK, LONGEST_LOOK = 0.02, 0.2
# ... and between two looks for leases whose holders are dead.
SWEEP = 2.0
# How often an answer is judged at most, while it is our fault that it can't be.
TRIES = 6

BROKE = (
    "Something on our side broke while this was graded ({why}); the student is not to blame. "
    "Repeat the command to try again."
)

_log = logging.getLogger(__name__)
_in_db = sync_to_async


@dataclass
class Worker:
    """Grades with a judge of its own."""

    judge: Judge
    holder: str = ""
    done: int = 0

    def __post_init__(self) -> None:
        self.holder = self.holder or leases.holder()
        self._swept = float("-inf")

    async def run(self, stop: asyncio.Event, at_once: int = 1) -> None:
        """Grade whatever there is until `stop` is set, so many submissions at a time. What was
        begun is finished."""
        lanes = [asyncio.create_task(self._lane(stop)) for _ in range(at_once)]
        try:
            await asyncio.gather(*lanes)
        finally:
            for lane in lanes:
                lane.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)

    async def _lane(self, stop: asyncio.Event) -> None:
        pause = LOOK
        while not stop.is_set():
            pk = await self._next()
            if pk is not None:
                await self.grade(pk)
                pause = LOOK
            else:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)
                pause = min(LONGEST_LOOK, 2 * pause)

    async def _next(self) -> int | None:
        taken = await asyncio.to_thread(queue.take)
        if taken is not None:
            return taken
        now = asyncio.get_running_loop().time()
        if now - self._swept > SWEEP:
            self._swept = now
            await _in_db(store.free_the_dead)()
        return await _in_db(store.waiting)()

    async def grade(self, pk: int) -> bool:
        """Grade one submission; `False` when it is somebody else's, done, or could not be."""
        submission = await _in_db(store.lease)(pk, self.holder)
        if submission is None:
            return False
        await nudge()
        renewing = asyncio.create_task(self._renew(pk))
        try:
            return await self._grade(submission)
        except asyncio.CancelledError:
            await _in_db(store.release)(pk, self.holder)
            raise
        except NotUsable as wrong:
            return not await _in_db(store.fail)(pk, self.holder, str(wrong), wrong.trouble)
        except Exception as error:
            _log.exception("Submission %s could not be graded", pk)
            told = BROKE.format(why=type(error).__name__)
            return not await _in_db(store.fail)(pk, self.holder, told, store.OURS)
        finally:
            renewing.cancel()
            await nudge()

    async def _grade(self, submission: Submission) -> bool:
        desk = await asyncio.to_thread(keys.desk, submission.chapter)
        found = answers(bytes(submission.notebook or b""), desk.chapter)
        asked = {name: desk.key(name, each.text) for name, each in found.by_exercise.items()}
        known = set() if submission.afresh else await _in_db(store.known)(asked.values())
        judged = [
            await self._judged(desk, name, answer, asked[name], known, submission.afresh)
            for name, answer in found.by_exercise.items()
        ]
        done = await _in_db(store.settle)(submission, self.holder, judged, found.notes)
        self.done += done
        return done

    async def _judged(
        self, desk: keys.Desk, name: str, answer: Answer, key: str, known: set[str], afresh: bool
    ) -> Judged:
        if key in known:
            return Judged(name, answer.text, key, answer.note)
        report = await self._report(desk.exercises[name], answer.text)
        if afresh or not store.cached(report):
            key = keys.fresh(key)
        return Judged(name, answer.text, key, answer.note, report)

    async def _report(self, exercise: Exercise, answer: str) -> Report:
        """The verdict. A fault of ours gets more tries: the judge's host may have been killed, by
        the system for its memory or by whoever is about to kill this process, too."""
        for _ in range(TRIES):
            report = await self.judge.grade(exercise, answer)
            if store.cached(report):
                break
        return report

    async def _renew(self, pk: int) -> None:
        held = True
        while held:
            await asyncio.sleep(leases.RENEWED)
            held = await _in_db(store.renew)(pk, self.holder)
