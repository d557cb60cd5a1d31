"""A child process that is bound to its owner: when the owner is gone, so is the child.

    with start([sys.executable, "-m", "http.server", "0"], ready=line(r"port (\\d+)")) as child:
        port = child.ready[1]

It holds for every end of the owner, SIGKILL too, and for all that the child forks. Between the two
sits a `keeper`; what it does and what it does not cover is told there. A plain `os.fork()` of the
owner holds the lifeline as well, and has to end before it is cut.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Self

KEEPER = Path(__file__).with_name("keeper.py")
LOOK = 0.005  # seconds between two looks at a child that is not ready yet
BLOCK = 4096  # bytes that a disk with room still takes
LINE = 1024  # bytes that the last lines of a log are allowed each, on average

MISSING = """\
{name} can't be started: there is no program {program!r} on this machine's PATH."""

NOT_STARTED = """\
{name} can't be started: {reason} ({program})."""

DIED = """\
{name} ended with {how} before it was ready. What it said last:
{log}"""

NO_ROOM = """\
{name} can't be started: there is no room left for its log in {folder} ({why}).
Make room on that disk, then run the cell again."""

LATE = """\
{name} was not ready within {within:g} seconds, and was ended. What it said last:
{log}"""

Ready = Callable[["Child"], Any]


class NotStarted(RuntimeError):
    """A child that is missing, died before it was ready, or took too long; the message says why."""


def line(pattern: str) -> Ready:
    """Ready when this regular expression is found in what the child wrote. Gives the match."""
    search = re.compile(pattern).search
    return lambda child: search(child.log())


def port(number: int, host: str = "127.0.0.1") -> Ready:
    """Ready when somebody accepts connections on this port. Gives True."""
    return lambda child: _answers(socket.AF_INET, (host, number))


def unix_socket(path: str | os.PathLike[str]) -> Ready:
    """Ready when somebody accepts connections on this Unix socket. Gives True."""
    return lambda child: _answers(socket.AF_UNIX, os.fspath(path))


def _answers(family: socket.AddressFamily, address: Any) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        return client.connect_ex(address) == 0


def _told(text: str) -> BinaryIO:
    """A file with this text, at its beginning, that has no name anywhere."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
    file.write(text.encode())
    file.seek(0)
    return file


def _new_log(name: str) -> BinaryIO:
    """A file for what a child says. Without room for it, nobody would hear when it is ready."""
    try:
        file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by Child._close
        try:
            file.write(bytes(BLOCK))
            file.truncate(0)
            file.seek(0)
        except OSError:
            file.close()
            raise
    except OSError as error:
        told = NO_ROOM.format(name=name, folder=tempfile.gettempdir(), why=error.strerror)
        raise NotStarted(told) from None
    return file


def start(
    argv: Sequence[str | os.PathLike[str]],
    *,
    name: str = "",
    ready: Ready | None = None,
    within: float = 30.0,
    env: Mapping[str, str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    grace: float = 5.0,
    end_with: int = signal.SIGTERM,
    wait: bool = True,
    stdin: str = "",
) -> Child:
    """Start a program, bound to this process, and wait until it is ready.

    `ready` looks at the child and gives something true once it is ready; that is kept as
    `child.ready`. With wait=False the call returns at once, and `child.wait_ready()` waits.
    `within`: seconds until a child that is not ready is given up. `grace`: seconds between the
    polite signal `end_with` and SIGKILL. `stdin` is what it reads there: unlike an argument, nobody
    else on the machine sees it. NotStarted when it is missing, dies or is late.
    """
    child = Child([os.fspath(part) for part in argv], name, ready, within, grace, end_with)
    child._launch(env, cwd, stdin)
    if wait:
        child.wait_ready()
    return child


class Child:
    """A running program and all that it forks. A context manager: at its end they are gone."""

    def __init__(
        self,
        argv: list[str],
        name: str,
        ready: Ready | None,
        within: float,
        grace: float,
        end_with: int,
    ) -> None:
        self.argv = argv
        self.name = name or Path(argv[0]).name
        self.ready: Any = None
        self.pid = 0
        self.returncode: int | None = None
        self._is_ready = ready
        self._within, self._grace, self._end_with = within, grace, end_with
        self._failed: int | None = None
        # Unlinked from the start: no death of anybody leaves a file behind.
        self._log: BinaryIO = _new_log(self.name)
        self._last_log = b""
        self._unread = b""
        self._hearing = threading.Lock()  # a log may be followed in a thread of its own

    def _launch(
        self, env: Mapping[str, str] | None, cwd: str | os.PathLike[str] | None, stdin: str
    ) -> None:
        program = shutil.which(self.argv[0], path=(env or os.environ).get("PATH"))
        if program is None:
            self._log.close()
            raise NotStarted(MISSING.format(name=self.name, program=self.argv[0]))
        self._line, theirs = socket.socketpair()
        with theirs, _told(stdin) as given:
            told = [theirs.fileno(), self._grace, int(self._end_with)]
            self._keeper = subprocess.Popen(
                [sys.executable, "-I", "-S", KEEPER, *map(str, told), program, *self.argv[1:]],
                stdin=given,
                stdout=self._log,
                stderr=self._log,
                env=env,
                cwd=cwd,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Jupyter interrupts the kernel's whole group
            )
        self._deadline = time.monotonic() + self._within

    # --- What is known of it ---

    @property
    def keeper_pid(self) -> int:
        """The process between: its end is the end of everything."""
        return self._keeper.pid

    @property
    def running(self) -> bool:
        """Whether the program runs still."""
        self._hear(0)
        return self.returncode is None

    @property
    def written(self) -> int:
        """How many bytes it wrote so far: another number means that there is more to read."""
        with self._hearing:
            return len(self._last_log) if self._log.closed else os.fstat(self._log.fileno()).st_size

    def log(self, lines: int | None = None) -> str:
        """What it wrote to its standard output and error: all of it, or the last lines."""
        with self._hearing:
            text = self._read_log(None if lines is None else lines * LINE)
        told = text.decode("utf-8", "replace")
        return told if lines is None else "\n".join(told.splitlines()[-lines:])

    def _read_log(self, last: int | None = None) -> bytes:
        if self._log.closed:
            return self._last_log
        fd = self._log.fileno()
        size = os.fstat(fd).st_size
        begin = 0 if last is None else max(0, size - last)
        return os.pread(fd, size - begin, begin)  # the offset belongs to the child

    def __repr__(self) -> str:
        state = "running" if self.returncode is None else self._how()
        return f"<{self.name}, process {self.pid}, {state}>"

    def _how(self) -> str:
        code = self.returncode or 0
        return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"

    # --- Its beginning ---

    def wait_ready(self) -> Any:
        """Wait until it is ready, and give what `ready` gave. NotStarted when it never is."""
        if self.ready:
            return self.ready
        try:
            self.ready = self._look_until_ready()
        except BaseException:
            self.kill()
            raise
        return self.ready

    def _look_until_ready(self) -> Any:
        while True:
            self._hear(LOOK)
            self._check_started()
            seen = self.pid and (self._is_ready(self) if self._is_ready else True)
            if seen:
                return seen
            if self.returncode is not None:
                raise NotStarted(DIED.format(name=self.name, how=self._how(), log=self._tail()))
            if time.monotonic() > self._deadline:
                raise NotStarted(LATE.format(name=self.name, within=self._within, log=self._tail()))

    def _check_started(self) -> None:
        if self._failed is not None:
            reason = os.strerror(self._failed)
            raise NotStarted(
                NOT_STARTED.format(name=self.name, reason=reason, program=self.argv[0])
            )

    def _tail(self) -> str:
        return self.log(15) or "(nothing)"

    def _hear(self, seconds: float) -> None:
        """Take in what the keeper says within so many seconds."""
        with self._hearing:
            if self.returncode is None and select.select([self._line], [], [], seconds)[0]:
                self._take(self._line.recv(4096))

    def _take(self, data: bytes) -> None:
        *whole, self._unread = (self._unread + data).split(b"\n")
        for word, number in (said.decode().split() for said in whole):
            if word == "pid":
                self.pid = int(number)
            elif word == "failed":
                self._failed = int(number)
            else:
                self.returncode = int(number)
        if not data and self.returncode is None:
            self.returncode = -signal.SIGKILL  # the keeper itself was killed

    # --- Its end ---

    def signal(self, number: int) -> None:
        """Send the program one signal, as `os.kill` does. Nothing when it has ended."""
        self._say(f"signal {int(number)}")

    def stop(self) -> int:
        """End it politely, after `grace` seconds by SIGKILL. Gives the exit code, as Popen does."""
        return self._end("stop")

    def kill(self) -> int:
        """End it and all that it forked by SIGKILL."""
        return self._end("kill")

    def _end(self, word: str) -> int:
        if not self._log.closed:
            self._say(word)
            while self.returncode is None:
                self._hear(1)
            self._keeper.wait()
            self._close()
        assert self.returncode is not None
        return self.returncode

    def _say(self, words: str) -> None:
        with contextlib.suppress(OSError):
            self._line.sendall(words.encode() + b"\n")

    def _close(self) -> None:
        with self._hearing:
            self._last_log = self._read_log()
            self._log.close()
            self._line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
