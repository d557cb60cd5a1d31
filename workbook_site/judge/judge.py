"""The judge: owns a warm host, makes folders and databases, and gives a verdict on an answer."""

import asyncio
import random
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from workbook_site.checking import Exercise, Outcome, Report
from workbook_site.checking.exercise import names
from workbook_site.checking.site import Site
from workbook_site.judge import folders, libraries, verdict
from workbook_site.judge.cell import told_in_the_cell
from workbook_site.judge.job import Job
from workbook_site.judge.limits import Limits
from workbook_site.judge.process import Process
from workbook_site.judge.question import question
from workbook_site.judge.sitting import Answer, Sitting
from workbook_site.judge.start import WarmHost
from workbook_site.judge.template import Template, Templates, checks, shape
from workbook_site.judge.verdict import Seen
from workbook_site.project import Project, answered, find

# Real seconds that migrating a project of ours may take.
PREPARING = 60.0


class Judge:
    """Gives verdicts, from `async with` on until its end.

        async with Judge(cache=places.state() / "cache") as judge:
            report = await judge.grade(exercise, answer)

    `cache` keeps migrated databases between runs; without it they are made once for each judge.
    `sandbox`: answers are strangers', who get a room behind walls each; see `judge.sandbox`. To
    enter then raises `NoSandbox` where there is none to be had. `host`: one that is getting warm
    already, in place of the judge's own.
    Several answers may be judged at once. When the judge's process ends, however it ends, all that
    it started ends too.
    """

    def __init__(
        self,
        *,
        cache: Path | None = None,
        limits: Limits | None = None,
        sandbox: bool = False,
        host: WarmHost | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.sandbox = host.sandboxed if host else sandbox
        self._cache = cache
        self._starting = asyncio.Lock()
        self._preparing = asyncio.Lock()
        self._host = host

    async def __aenter__(self) -> Self:
        self._host = self._host or WarmHost(sandboxed=self.sandbox)
        self._home = self._host.answers
        own = self._home / "templates"
        self._templates = Templates(self._cache or own, self._prepare, spare=own)
        try:
            await self._warm_host()
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if self._host:
            await self._host.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def host_pid(self) -> int:
        """The host's process id."""
        assert self._host is not None, "a Judge has a host inside `async with` only"
        return self._host.pid

    # --- Verdicts ---

    async def grade(self, exercise: Exercise, answer: str, *, seed: int | None = None) -> Report:
        """The verdict on an answer: the whole text of the exercise's cell, without its magic.

        Never raises for what an answer does, nor for a fault of ours: that is an outcome.
        """
        seed = random.randrange(2**31) if seed is None else seed
        try:
            asked = question(exercise.chapter, exercise.name)
            if not verdict.tried(answer, asked.starter):
                return verdict.all_alike(exercise, Seen(Outcome.NOT_TRIED), seed=seed)
            project = answered(asked.chapter, exercise.name, answer, base=asked.base)
        except Exception:
            return verdict.all_alike(exercise, verdict.ours(), seed=seed)
        report = await self.judge(exercise, project, asked.base, seed=seed)
        return told_in_the_cell(report, project, exercise.file, answer)

    async def judge(
        self, exercise: Exercise, project: Project, base: Project, *, seed: int = 0
    ) -> Report:
        """The verdict on a whole project. `base` is the same without the answer: what is ours."""
        try:
            async with await self._sitting(project, base, seed) as sitting:
                seen = await sitting.checks(exercise.checks)
                return verdict.report(exercise, seen, output=sitting.output, seed=seed)
        except Exception:
            return verdict.all_alike(exercise, verdict.ours(), seed=seed)

    async def warm(self, chapter: str) -> None:
        """Make the databases that a chapter's exercises need, so that the first verdict is quick.

        Raises `UnknownChapter`.
        """
        found = find(chapter)
        for name in names(found.name):
            await self._template(question(found.name, name).base)

    @asynccontextmanager
    async def site(self, project: Project, *, seed: int = 0) -> AsyncIterator[Site]:
        """A judged project to ask, with no exercise. Raises `Failure` when it does not load."""
        async with await self._sitting(project, project, seed) as sitting:
            yield await sitting.site()

    # --- Parts ---

    async def _sitting(self, project: Project, base: Project, seed: int) -> Sitting:
        return Sitting(
            self._warm_host, self._home, await self._answer(project, base), self.limits, seed
        )

    async def _answer(self, project: Project, base: Project) -> Answer:
        """With the database of the base; unless the tables may be others: then with none yet."""
        template = await self._template(base)
        if shape(project) != shape(base):
            return Answer(project, None)
        files = Project({**template.migrations, **project.files})
        return Answer(files, template.database, checks(project, base))

    async def _template(self, base: Project) -> Template:
        async with self._preparing:
            return await self._templates.get(base)

    async def _prepare(self, base: Project) -> folders.Folder:
        """A folder whose database was brought up to the models of the project in it."""
        host = await self._warm_host()
        folder = folders.make(self._home, base, None)
        job = Job(
            site=str(folder.site),
            state=str(folder.state),
            upstream="",
            migrate=True,
            serve=False,
            limits=self.limits,
            libraries=libraries.spoken_of(base.files.values()),
        )
        process = Process(folder.path)
        try:
            await process.start(host, job)
            async with asyncio.timeout(PREPARING):
                await process.loaded()
        except BaseException:
            folder.remove()
            raise
        finally:
            await process.end()
        return folder

    async def _warm_host(self) -> WarmHost:
        """The host; a new one when the last is gone."""
        async with self._starting:
            assert self._host is not None, "a Judge has a host inside `async with` only"
            if self._host.ended:
                await self._host.stop()
                self._home.mkdir(exist_ok=True)
                self._host = WarmHost(self._home, sandboxed=self.sandbox)
            await self._host.start()
            return self._host
