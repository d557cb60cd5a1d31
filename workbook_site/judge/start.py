"""The judge's end of the warm host: starts it, has it fork, hears what ended."""

import asyncio
import contextlib
import json
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from workbook_site.judge import command, sandbox
from workbook_site.judge.job import Job

COLD = "The judge's host process ended while it was starting. It said:\n{log}"
DEAD = "The judge's host process ended unexpectedly."


class HostError(RuntimeError):
    """The host can't serve: ours to mend."""


class WarmHost:
    """A host process, from `start` to `stop`. When the judge's own process ends, so does it."""

    def __init__(self, answers: Path, *, sandboxed: bool = False) -> None:
        self.answers = answers
        self.sandboxed = sandboxed
        self._ended: dict[int, Callable[[int | None], None]] = {}
        self._count = 0

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def start(self) -> None:
        """Start it and wait until it is warm. Raises `HostError` or `NoSandbox`."""
        self._control, end = socket.socketpair()
        told = command.host(end.fileno(), self.answers, sandboxed=self.sandboxed)
        self._log = self.answers / "host.log"
        self._process = _run(told, end.fileno(), self._log)
        end.close()
        reader, self._writer = await asyncio.open_unix_connection(sock=self._control)
        # What it says against itself: None when it never said anything.
        self._warm: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._listening = asyncio.create_task(self._listen(reader))
        said = await self._warm
        if said is None:
            log = self._log.read_text(errors="replace")[-4000:]
            if self.sandboxed and log.startswith("bwrap: "):
                raise sandbox.refused(sandbox.find(), log)
            raise HostError(COLD.format(log=log))
        if said:
            raise sandbox.refused(sandbox.find(), said)

    @property
    def alive(self) -> bool:
        """Is it still there?"""
        return not self._listening.done()

    async def stop(self) -> None:
        """End it and all that it started; returns when they are gone."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
        await asyncio.to_thread(self._process.wait)
        self._listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._listening

    # --- What a Process asks ---

    def begin(self, job: Job, descriptors: list[int], ended: Callable[[int | None], None]) -> int:
        """Start a judged process; its number. `ended` is told its exit status, `None`
        when the host ends before."""
        if not self.alive:
            raise HostError(DEAD)
        self._count += 1
        number = self._count
        self._ended[number] = ended
        asked = json.dumps({"start": number, "job": job.to_json()}).encode() + b"\n"
        socket.send_fds(self._control, [asked], descriptors)
        return number

    def end(self, number: int) -> None:
        """Kill a judged process, with all that it started."""
        if number in self._ended and self.alive:
            self._control.send(json.dumps({"end": number}).encode() + b"\n")

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                told = json.loads(line)
                if "warm" in told:
                    self._warm.set_result(str(told.get("refused", "")))
                elif "ended" in told:
                    self._ended.pop(told["ended"])(told["status"])
        except OSError:
            pass
        finally:
            if not self._warm.done():
                self._warm.set_result(None)
            for ended in self._ended.values():
                ended(None)
            self._ended.clear()


def _run(told: command.Command, descriptor: int, log: Path) -> "subprocess.Popen[bytes]":
    with log.open("wb") as output:
        return subprocess.Popen(
            told.argv,
            env=dict(told.env),
            cwd=told.cwd,
            pass_fds=[descriptor],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Whoever kills the judge's group leaves the host alive to clear up behind it.
            start_new_session=True,
        )
