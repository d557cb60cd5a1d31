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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook_site.judge import entering, family
from workbook_site.judge.job import OURS, Ends, Job
from workbook_site.judge.keeper import Keeper

MESSAGE = 64 * 1024
DESCRIPTORS, DOORS = 5, 6


@dataclass
class _Room:
    """One that was ordered: for what, and the socket on which it hands over its doors. It stays
    as long as that socket is open."""

    number: int
    job: Job
    ends: Ends
    door: socket.socket


class Host:
    """Forks, watches and ends judged processes for the judge at the other end of `control`."""

    def __init__(self, control: socket.socket, keeper: Keeper | None) -> None:
        self.control, self.keeper = control, keeper
        self.forks = hasattr(os, "fork") and os.environ.get("WORKBOOK_SPAWN") != "1"
        self._running: dict[int, int] = {}
        self._rooms: dict[int, _Room] = {}
        self._rest = b""
        self._wake, wake = socket.socketpair()
        for each in (self._wake, wake):
            each.setblocking(False)
        self._wake_writer = wake
        self._selector = selectors.DefaultSelector()

    def run(self) -> None:
        """Serve until the judge is gone."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the judge's
        signal.set_wakeup_fd(self._wake_writer.fileno(), warn_on_full_buffer=False)
        self._selector.register(self.control, selectors.EVENT_READ)
        self._selector.register(self._wake, selectors.EVENT_READ)
        self._say({"warm": True, "refused": self.keeper.refused() if self.keeper else ""})
        if self.keeper:
            self._selector.register(self.keeper.orders, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._wake:
                    self._wake.recv(4096)
                    self._bury()
                elif isinstance(key.data, _Room):
                    self._hear(key.data)
                elif key.fileobj is not self.control or not self._listen():
                    return  # the judge is gone, or the keeper

    def _listen(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self.control, MESSAGE, DESCRIPTORS)
        if not data:
            return False
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            asked = json.loads(line)
            if "start" in asked:
                self._start(asked["start"], Job.from_json(asked["job"]), descriptors)
                descriptors = []
            elif "end" in asked:
                self._end(asked["end"])
        return True

    # --- Beginning ---

    def _start(self, number: int, job: Job, descriptors: list[int]) -> None:
        if self.forks:
            _suit(job.libraries)
        ends, lines = Ends(*descriptors[:4]), descriptors[4:]
        if self.keeper and lines:
            door = self.keeper.room(number, job, *lines)
            _close(lines)
            room = self._rooms[number] = _Room(number, job, ends, door)
            self._selector.register(door, selectors.EVENT_READ, room)
        else:  # ours alone, or there is no sandbox
            self._bear(number, job, ends)

    def _bear(self, number: int, job: Job, ends: Ends) -> None:
        try:
            pid = self._fork(job, ends) if self.forks else _spawn(job, ends)
        except OSError:  # the machine has no room for one more; those that run go on
            return self._never_begun(number, ends, OURS)
        self._begun(number, ends, pid)

    def _hear(self, room: _Room) -> None:
        """The room is ready, or gone."""
        if self._rooms.get(room.number) is not room:
            return  # its end was ordered in the same moment, and came first
        self._selector.unregister(room.door)
        said, doors, _, _ = socket.recv_fds(room.door, MESSAGE, DOORS)
        if not said:
            return self._never_begun(room.number, room.ends, OURS)
        try:
            with entering.births(doors):
                pid = self._fork(room.job, room.ends, doors, json.loads(said)["owner"])
        except OSError:  # it ended since: nobody is born there any more
            return self._never_begun(room.number, room.ends, OURS)
        finally:
            _close(doors)
        self._begun(room.number, room.ends, pid)

    def _begun(self, number: int, ends: Ends, pid: int) -> None:
        _close(vars(ends).values())
        self._running[pid] = number
        self._say({"started": number, "pid": pid})

    def _fork(self, job: Job, ends: Ends, doors: Sequence[int] = (), owner: int = 0) -> int:
        pid = os.fork()
        if pid == 0:
            try:
                from workbook_site.judge import child

                child.after_fork()
                for each in (self.control, self._wake, self._wake_writer):
                    each.close()
                if doors:
                    entering.go_in(doors, owner)
                    entering.confine(job, ends)
                child.live(job, ends)
            finally:
                os._exit(OURS)
        return pid

    # --- Ending ---

    def _end(self, number: int) -> None:
        for pid, known in list(self._running.items()):
            if known == number:
                family.end_descendants(pid)
                family.end_group(pid)
        if number in self._rooms and number not in self._running.values():
            self._selector.unregister(self._rooms[number].door)
            self._never_begun(number, self._rooms[number].ends, -signal.SIGKILL)

    def _never_begun(self, number: int, ends: Ends, status: int) -> None:
        _close(vars(ends).values())
        self._leave(number)
        self._say({"ended": number, "status": status})

    def _leave(self, number: int) -> None:
        """The room, if there is one, has been of use: it ends by this."""
        room = self._rooms.pop(number, None)
        if room:
            room.door.close()

    def _bury(self) -> None:
        for pid in list(self._running):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                number = self._running.pop(pid)
                family.end_rest_of_group(pid)
                self._leave(number)
                self._say({"ended": number, "status": os.waitstatus_to_exitcode(status)})
        family.end_strays({*self._running, *([self.keeper.pid] if self.keeper else [])})

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


def _close(descriptors: Iterable[int]) -> None:
    for each in descriptors:
        os.close(each)


def _spawn(job: Job, ends: Ends) -> int:
    """A fresh interpreter in place of a fork: slower, and alike in all else."""
    descriptors = (ends.http, ends.verbs, ends.watch, ends.output)
    for descriptor in descriptors:
        os.set_inheritable(descriptor, True)
    module = "workbook_site.judge.child"
    words = [sys.executable, "-m", module, job.to_json(), *map(str, descriptors)]
    return os.posix_spawn(sys.executable, words, os.environ)


def _warm() -> None:
    from workbook_site.judge.warm import warm

    gc.disable()
    warm()
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
    # Were it handed on to answers that are spawned, the judge would not hear when the host ends.
    control.set_inheritable(False)
    keeper = Keeper(answers, rooms == "root") if rooms else None  # before anything is loaded
    host = Host(control, keeper)
    try:
        if host.forks:
            _warm()
        host.run()
    except (BrokenPipeError, ConnectionResetError):
        pass  # the judge went away in the middle of a word
    finally:
        host.end_all()
        if sys.exc_info()[0] is None:  # else the judge reads the log of what broke, and clears up
            shutil.rmtree(answers, ignore_errors=True)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]), *sys.argv[3:])
