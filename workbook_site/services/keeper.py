"""The one who sits between an owner and a child, and ends the child when the owner is gone.

    python -I -S keeper.py FD GRACE SIGNAL PROGRAM [ARGUMENT ...]

FD is one end of a socket pair, the lifeline; the owner holds the other. The system closes that end
when the owner dies, by SIGKILL too, and the keeper reads the end of file. It is a script of its own
and imports next to nothing, because every service pays for its start.

owner -> keeper   `stop`, `kill`, `signal NUMBER`, or the end of file, which means `stop`
keeper -> owner   `pid NUMBER` once the program runs, or `failed ERRNO` when it can't be started;
                  `exit CODE` at the end, negative when a signal ended it

Not covered: a keeper that is itself killed by SIGKILL. On Linux its child dies with it and
grandchildren may stay; elsewhere the child stays.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
TURN = 0.02  # seconds between two looks at processes that nobody announces the end of


def linux_prctl() -> Callable[[int, int], object] | None:
    """The system call that ties processes together, or None where there is none."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    libc = ctypes.CDLL(None)
    return lambda option, value: libc.prctl(option, value, 0, 0, 0)


class Keeper:
    """Owns one child, in a session of its own, with all that it forks."""

    def __init__(self, line: socket.socket, grace: float, end_with: int) -> None:
        self.line, self.grace, self.end_with = line, grace, end_with
        self.prctl = linux_prctl()
        self.child = 0
        self.code: int | None = None
        self.wake, wake_write = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(wake_write, False)
        signal.set_wakeup_fd(wake_write)
        self.asked_to_end = False

    @property
    def running(self) -> bool:
        """Whether the child itself runs still, as far as `reap` has seen."""
        return self.code is None

    def listen_to_signals(self) -> None:
        """SIGTERM ends the child too; an interrupt typed at a terminal is not meant for us."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGHUP, lambda *_: None)
        signal.signal(signal.SIGTERM, self.end_soon)

    def end_soon(self, *_: object) -> None:
        """Remember that we were asked to end."""
        self.asked_to_end = True

    def say(self, word: str, number: int) -> None:
        """Tell the owner, if there still is one."""
        with contextlib.suppress(OSError):
            self.line.sendall(f"{word} {number}\n".encode())

    def start(self, argv: list[str]) -> None:
        """Fork, and become the program in the fork; say which process it is."""
        if self.prctl:  # orphans of the child come to us, so that none can slip away
            self.prctl(PR_SET_CHILD_SUBREAPER, 1)
        failure, failure_write = os.pipe()  # closed by the exec that succeeds
        self.child = os.fork()
        if self.child == 0:
            self.become(argv, failure_write)
        os.close(failure_write)
        error = os.read(failure, 16)
        os.close(failure)
        self.say("failed" if error else "pid", int(error or self.child))

    def become(self, argv: list[str], failure: int) -> None:
        """In the fork: a new session, the signals as a program expects them, then the program."""
        try:
            os.setsid()
            if self.prctl:
                self.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            os.execvp(argv[0], argv)  # noqa: S606 - this is what it is for
        except OSError as error:
            os.write(failure, str(error.errno or 0).encode())
        finally:
            os._exit(127)

    def watch(self) -> None:
        """Until the child ends, or the owner asks for its end, or the owner is gone."""
        while self.running:
            lines: list[socket.socket | int] = [self.line, self.wake]
            readable = select.select(lines, [], [])[0]
            self.drain()
            self.reap()
            if self.asked_to_end or (self.line in readable and not self.obey()):
                return

    def obey(self) -> bool:
        """Do what the owner asks; False when the child has to end."""
        words = self.line.recv(4096).decode().split()
        if not words or "stop" in words:
            return False
        if "kill" in words:
            self.grace = 0
            return False
        for word, number in itertools.pairwise(words):
            if word == "signal":
                os.kill(self.child, int(number))
        return True

    def drain(self) -> None:
        """Take the bytes by which signals woke us."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.wake, 4096)

    def reap(self) -> bool:
        """Collect those that have ended; False when no process of ours is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return not self.prctl and self.group_lives()
            if pid == 0:
                return True
            if pid == self.child:
                self.code = os.waitstatus_to_exitcode(status)

    def group_lives(self) -> bool:
        """Whether anybody is left in the child's group, where orphans do not come to us."""
        try:
            os.killpg(self.child, 0)
        except (ProcessLookupError, PermissionError):  # macOS: the latter, for the dead
            return False
        return True

    def end(self) -> None:
        """First a polite signal to everyone and time to obey it, then SIGKILL."""
        if self.grace:
            self.send(os.killpg, self.child, self.end_with if self.running else signal.SIGTERM)
            self.end_politely(time.monotonic() + self.grace)
        while self.reap():
            self.send(os.killpg, self.child, signal.SIGKILL)
            for orphan in self.adopted():
                self.send(os.kill, orphan, signal.SIGKILL)
            self.pause()

    def end_politely(self, deadline: float) -> None:
        """Wait for them to obey; ask the orphans too, once each, as they come to us."""
        asked: set[int] = set()
        while self.reap() and time.monotonic() < deadline:
            for orphan in {*self.adopted()} - asked:
                asked.add(orphan)
                self.send(os.kill, orphan, signal.SIGTERM)
            self.pause()

    def send(self, kill: Callable[[int, int], None], pid: int, number: int) -> None:
        """Signal one process or one group, if it lives still."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, number)

    def adopted(self) -> list[int]:
        """Children that are not the child: orphans from sessions of their own."""
        try:
            with open(f"/proc/self/task/{os.getpid()}/children") as children:  # noqa: PTH123
                return [int(pid) for pid in children.read().split() if int(pid) != self.child]
        except OSError:
            return []

    def pause(self) -> None:
        """Until a signal comes, or one turn is over."""
        select.select([self.wake], [], [], TURN)
        self.drain()


def main() -> None:
    """Keep one child, from its start to its end."""
    fd, grace, end_with, *argv = sys.argv[1:]
    line = socket.socket(fileno=int(fd))
    line.set_inheritable(False)
    keeper = Keeper(line, float(grace), int(end_with))
    keeper.listen_to_signals()
    keeper.start(argv)
    keeper.watch()
    keeper.end()
    keeper.say("exit", keeper.code if keeper.code is not None else 127)


if __name__ == "__main__":
    main()
