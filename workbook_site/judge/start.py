"""The judge's end of the warm host: starts it, has it fork, hears what ended."""

import asyncio
import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from workbook_site.judge import command, leftovers, sandbox
from workbook_site.judge.job import Job

# Bytes of a path that leave room for what comes below it, down to a socket.
DEEPEST = 56
SYSTEMS = "/tmp"  # noqa: S108  # a folder of our own is made in it

COLD = "The judge's host process ended while it was starting. It said:\n{log}"
DEAD = "The judge's host process ended unexpectedly."


class HostError(RuntimeError):
    """The host can't serve: ours to mend."""


class WarmHost:
    """A host process, from `launch` or `start` to `stop`. When the judge's own process ends, so
    does it. `answers`: a folder for all that it has running; without one it makes its own.
    """

    def __init__(self, answers: Path | None = None, *, sandboxed: bool = False) -> None:
        self.answers = answers or _folder()
        self.sandboxed = sandboxed
        self._ended: dict[int, Callable[[int | None], None]] = {}
        self._count = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._listening: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None, "a host has a process once it is launched"
        return self._process.pid

    def launch(self) -> None:
        """Have it get warm. Raises `NoSandbox`."""
        self._control, end = socket.socketpair()
        try:
            with end:
                told = command.host(end.fileno(), self.answers, sandboxed=self.sandboxed)
                self._process = _run(told, end.fileno(), self.answers)
        except BaseException:
            self._control.close()
            shutil.rmtree(self.answers, ignore_errors=True)
            raise
        leftovers.sweep(self.answers.parent)

    async def start(self) -> None:
        """Launch it, unless that was done, and wait until it is warm. Raises `HostError` or
        `NoSandbox`."""
        if self._process is None:
            self.launch()
        if self._listening is None:
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
        """Is it there?"""
        listened_to = self._listening is not None and not self._listening.done()
        # Whoever killed it may ask before the loop has heard of that.
        return listened_to and self._process is not None and self._process.poll() is None

    @property
    def ended(self) -> bool:
        """Was it there, and is no more?"""
        return self._listening is not None and not self.alive

    @property
    def _log(self) -> Path:
        return self.answers / leftovers.LOG

    async def stop(self) -> None:
        """End it and all that it started; returns when they are gone."""
        if self._listening is not None:
            self._writer.close()
            with contextlib.suppress(OSError):
                await self._writer.wait_closed()
        elif self._process is not None:
            self._control.close()
        if self._process is not None:
            await asyncio.to_thread(self._process.wait)
        if self._listening is not None:
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


def _folder() -> Path:
    """A folder for all that a host has running.

    It is short: the path of a Unix socket may have 104 characters on some systems. So where the
    folder for temporary files is far down, the system's own serves.
    """
    usual = tempfile.gettempdir()
    near = len(os.fsencode(usual)) <= DEEPEST or not os.access(SYSTEMS, os.W_OK)
    return Path(tempfile.mkdtemp(prefix=leftovers.PREFIX, dir=usual if near else SYSTEMS)).resolve()


def _run(told: command.Command, descriptor: int, answers: Path) -> "subprocess.Popen[bytes]":
    with leftovers.log(answers) as output:
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
