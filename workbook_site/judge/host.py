"""The warm host: loaded once, it forks a process for each answer and buries it.

One thread, one socket to the judge, one JSON object a line:

    {"start": 3, "job": {...}}   with its descriptors    ->   {"started": 3, "pid": 4711}
    {"end": 3}                                           ->   {"ended": 3, "status": -9}

It says `ended` for every process that ends, asked or not. When the judge is gone the socket
closes; the host then ends all that it started, removes their folders, and itself.
"""

import gc
import json
import os
import selectors
import shutil
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbook_site.judge import child, family, room

MESSAGE = 64 * 1024
DESCRIPTORS = 5


class Host:
    """Forks, watches and ends judged processes for the judge at the other end of `control`."""

    def __init__(self, control: socket.socket, answers: Path, rooms: str = "") -> None:
        self.control, self.answers, self.rooms = control, answers, rooms
        self.forks = hasattr(os, "fork") and os.environ.get("WORKBOOK_SPAWN") != "1"
        self._running: dict[int, int] = {}
        self._rest = b""
        self._wake, wake = socket.socketpair()
        for each in (self._wake, wake):
            each.setblocking(False)
        self._wake_writer = wake

    def run(self) -> None:
        """Serve until the judge is gone."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the judge's
        signal.set_wakeup_fd(self._wake_writer.fileno(), warn_on_full_buffer=False)
        selector = selectors.DefaultSelector()
        selector.register(self.control, selectors.EVENT_READ)
        selector.register(self._wake, selectors.EVENT_READ)
        refused = room.possible(self.answers, self.rooms == "root") if self.rooms else ""
        self._say({"warm": True, "refused": refused})
        while True:
            for key, _ in selector.select():
                if key.fileobj is self._wake:
                    self._wake.recv(4096)
                    self._bury()
                elif not self._listen():
                    return

    def _listen(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self.control, MESSAGE, DESCRIPTORS)
        if not data:
            return False
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            asked = json.loads(line)
            if "start" in asked:
                self._start(asked["start"], child.Job.from_json(asked["job"]), descriptors)
                descriptors = []
            elif "end" in asked:
                self._end(asked["end"])
        return True

    def _start(self, number: int, job: child.Job, descriptors: list[int]) -> None:
        if self.forks:
            _suit(job.libraries)
        ends = child.Ends(*descriptors[:4])
        line = descriptors[4] if len(descriptors) > 4 else None
        pid = self._fork(number, job, ends, line) if self.forks else _spawn(job, ends)
        for descriptor in descriptors:
            os.close(descriptor)
        self._running[pid] = number
        self._say({"started": number, "pid": pid})

    def _fork(self, number: int, job: child.Job, ends: child.Ends, line: int | None) -> int:
        pid = os.fork()
        if pid == 0:
            try:
                child.after_fork()
                self.control.close()
                self._wake.close()
                self._wake_writer.close()
                if line is None:  # ours alone, or there is no sandbox
                    child.live(job, ends)
                else:
                    told = room.Order(number, job, ends, line)
                    room.live(told, self.answers, self.rooms == "root")
            finally:
                os._exit(child.OURS)
        return pid

    def _end(self, number: int) -> None:
        for pid, known in list(self._running.items()):
            if known == number:
                family.end_descendants(pid)
                family.end_group(pid)

    def _bury(self) -> None:
        for pid in list(self._running):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                number = self._running.pop(pid)
                family.end_rest_of_group(pid)
                self._say({"ended": number, "status": os.waitstatus_to_exitcode(status)})
        family.end_strays(set(self._running))

    def end_all(self) -> None:
        """Kill and reap every process there is."""
        for pid in self._running:
            family.end_descendants(pid)
            family.end_group(pid)
        for pid in self._running:
            os.waitpid(pid, 0)
        self._running.clear()
        family.end_strays(set())

    def _say(self, told: dict[str, Any]) -> None:
        self.control.sendall(json.dumps(told).encode() + b"\n")


def _spawn(job: child.Job, ends: child.Ends) -> int:
    """A fresh interpreter in place of a fork: slower, and alike in all else."""
    descriptors = (ends.http, ends.verbs, ends.watch, ends.output)
    for descriptor in descriptors:
        os.set_inheritable(descriptor, True)
    words = [sys.executable, "-m", child.__name__, job.to_json(), *map(str, descriptors)]
    return os.posix_spawn(sys.executable, words, os.environ)


def _warm() -> None:
    from workbook_site.judge.warm import warm

    warm()
    gc.disable()
    _share()


def _suit(words: Sequence[str]) -> None:
    from workbook_site.judge.warm import suit

    if suit(words):
        _share()


def _share() -> None:
    """Forks then share all objects with the host, instead of copying each that is looked at."""
    gc.collect()
    gc.freeze()


def main(control: socket.socket, answers: Path, rooms: str = "") -> None:
    """Be the host. `rooms`: how answers are walled in ("root" or "user"); empty: they are not."""
    family.adopt_orphans()
    host = Host(control, answers, rooms)
    try:
        if host.forks:
            _warm()
        host.run()
    except (BrokenPipeError, ConnectionResetError):
        pass  # the judge went away in the middle of a word
    finally:
        host.end_all()
        shutil.rmtree(answers, ignore_errors=True)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]), *sys.argv[3:])
