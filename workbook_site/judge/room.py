"""The inner wall: a room of its own for each answer, inside the sandbox of the host.

Three processes make a room. The first (`Room`) is forked from the host. It takes its namespaces of
mounts, network and users, puts an empty disk in memory over all that can be written, lays the
project on it, gives up its rights, and from then on reads what the answer writes, for the judge.
The second is the first process of the room's own space of processes: it starts the judged one,
adds up the memory, and takes everything along when it ends, by the kernel's hand. The third is the
judged process: it sees the second, whom it can't touch, and nobody else.

127.0.0.1 is the room's own, too. The socket on which the upstream listens there is made in here
and handed to the judge, so that nothing has to carry data between the two networks.

Lines to the judge, one JSON object each; with the first comes the socket:

    {"room": true} or {"refused": "..."}
    {"id": 3, "read": "rows", "told": {...}}  ->  {"id": 3, "value": ...} or {"failure": ...}
    {"over": "memory"}
"""

import contextlib
import json
import os
import select
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from workbook_site.checking import Failure
from workbook_site.checking.report import shown
from workbook_site.judge import calls, child, namespaces, plain, reading
from workbook_site.judge.limits import Limits
from workbook_site.judge.overrides import DATABASE

UPSTREAM = ("127.0.0.1", 9700)
UPSTREAM_URL = "http://127.0.0.1:9700"
# Answers of a grader that is root run as one of these users, whom no system gives out.
FIRST_USER, USERS = 0x7A00_0000, 100_000
# Who an answer is in its own user namespace, where the grader is anybody else.
INNER_USER = 1000
# Where forbidding is not enough: an empty disk lies over these.
COVERED = ("/dev/pts",)
SHARED_MEMORY = "/dev/shm"  # noqa: S108
# Files on the disk of a room, and the longest line to the judge, in bytes.
FILES, LINE = 4096, 8 * 1024 * 1024
# Seconds between two looks at the memory.
LOOK = 0.1

UNREADABLE = "The files that your project wrote can't be read ({error})."
TOO_MUCH = "Your project wrote more than can be looked at."


@dataclass(frozen=True)
class Order:
    """What a room is for. `number` tells rooms of one host apart."""

    number: int
    job: child.Job
    ends: child.Ends
    line: int


def live(order: Order, answers: Path, as_root: bool) -> NoReturn:
    """Be a room, until its answer has ended. Ends as the judged process ended."""
    line = socket.socket(fileno=order.line)
    os.setsid()
    namespaces.end_with_parent(signal.SIGKILL)
    files = _read(Path(order.job.site).parent)
    try:
        owner = _make_namespaces(order.number, as_root)
        upstream = _furnish(answers, order.job.limits, owner)
    except OSError as error:
        line.sendall(json.dumps({"refused": str(error)}).encode() + b"\n")
        os._exit(child.OURS)
    socket.send_fds(line, [b'{"room": true}\n'], [upstream.fileno()])
    upstream.close()
    first = _First(order, owner)
    namespaces.drop_rights(owner)
    namespaces.stay_hidden()
    for descriptor in vars(order.ends).values():
        os.close(descriptor)
    _lay(files)
    order.job.limits.apply()
    first.go()
    template = files.get(Path(order.job.state, DATABASE))
    _Reader(line, Path(order.job.state), template, first).run()
    first.follow()


def possible(answers: Path, as_root: bool) -> str:
    """Try to make a room; what the system says against it, empty when it works."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            owner = _make_namespaces(0, as_root)
            _furnish(answers, Limits(), owner).close()
            if os.fork() == 0:
                _own_processes(owner)
                os._exit(0)
            _, status = os.wait()
            os.write(write, b"a room's first process ended" if status else b"")
        except OSError as error:
            os.write(write, str(error).encode())
        finally:
            os._exit(0)
    os.close(write)
    os.waitpid(pid, 0)
    with os.fdopen(read, encoding="utf-8", errors="replace") as told:
        return told.read()


# --- Walls ---


def _make_namespaces(number: int, as_root: bool) -> int:
    """Get them; the user id that the answer is to have."""
    own = namespaces.NEW_MOUNTS | namespaces.NEW_NET | namespaces.NEW_IPC | namespaces.NEW_UTS
    if as_root:
        namespaces.unshare(own | namespaces.NEW_PIDS)
        return FIRST_USER + number % USERS
    uid, gid = os.getuid(), os.getgid()
    namespaces.unshare(own | namespaces.NEW_PIDS | namespaces.NEW_USER)
    namespaces.map_ids(INNER_USER, uid, gid)
    return INNER_USER


def _furnish(answers: Path, limits: Limits, owner: int) -> socket.socket:
    """Disks and network; the socket on which the upstream is to listen."""
    namespaces.mount("none", "/", "none", namespaces.RECURSIVE | namespaces.PRIVATE)
    for path in COVERED:
        namespaces.memory_disk(path, 4096, 1, owner, more=namespaces.READ_ONLY)
    # It lies over the folders of all answers.
    namespaces.memory_disk(answers, limits.disk, FILES, owner)
    with _acting_as(owner):
        scratch(answers).mkdir(mode=0o700)
    namespaces.mount(str(scratch(answers)), SHARED_MEMORY, "none", namespaces.BIND)
    namespaces.loopback_up()
    upstream = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    upstream.bind(UPSTREAM)
    upstream.listen(1024)
    return upstream


def scratch(answers: Path) -> Path:
    """Where temporary files go."""
    return answers / "tmp"


@contextlib.contextmanager
def _acting_as(owner: int) -> Iterator[None]:
    """Root may be without a right to other users' folders."""
    here = os.geteuid()
    os.seteuid(owner)
    try:
        yield
    finally:
        os.seteuid(here)


def _own_processes(owner: int) -> None:
    """For the first process of the new space of processes: /proc shows these alone."""
    flags = namespaces.NO_SETUID | namespaces.NO_DEVICES | namespaces.NO_PROGRAMS
    namespaces.mount("proc", "/proc", "proc", flags)
    namespaces.drop_rights(owner)


# --- The project ---


def _read(folder: Path) -> dict[Path, bytes | None]:
    """What the judge put there: contents by path, None for a folder."""
    found = [path for path in folder.rglob("*") if path.is_dir() or path.is_file()]
    return {path: None if path.is_dir() else path.read_bytes() for path in found}


def _lay(files: dict[Path, bytes | None]) -> None:
    for path, data in files.items():
        if data is None:
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


# --- The first process ---


class _First:
    """The first process of the room's processes, as the room sees it."""

    def __init__(self, order: Order, owner: int) -> None:
        told, tell = os.pipe()
        wait, self._go = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(told)
            os.close(self._go)
            os.close(order.line)
            try:
                _be_first(order, owner, wait, tell)
            finally:
                os._exit(child.OURS)
        os.close(tell)
        os.close(wait)
        self.told = told
        self._news: dict[str, Any] = {"status": -signal.SIGKILL, "over": ""}

    def go(self) -> None:
        """Have it start the judged process."""
        os.write(self._go, b".")

    def hear(self) -> str:
        """It has ended: what the answer had too much of, empty for nothing."""
        with contextlib.suppress(ValueError):
            self._news = json.loads(os.read(self.told, 4096) or "null") or self._news
        return str(self._news["over"])

    def follow(self) -> NoReturn:
        """End as the judged process did."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        status = int(self._news["status"])
        if status < 0:
            signal.signal(-status, signal.SIG_DFL) if -status != signal.SIGKILL else None
            os.kill(os.getpid(), -status)
            os.kill(os.getpid(), signal.SIGKILL)  # a signal that does not end anybody
        os._exit(status)


def _be_first(order: Order, owner: int, wait: int, tell: int) -> NoReturn:
    namespaces.end_with_parent(signal.SIGKILL)
    _own_processes(owner)
    namespaces.end_with_parent(signal.SIGKILL)  # forgotten when the user changed
    namespaces.stay_hidden()
    if not os.read(wait, 1):
        os._exit(child.OURS)
    pid = os.fork()
    if pid == 0:
        try:
            _be_judged(order)
        finally:
            os._exit(child.OURS)
    for descriptor in vars(order.ends).values():
        os.close(descriptor)
    news = _attend(pid, wait, order.job.limits)
    os.write(tell, json.dumps(news).encode())
    os._exit(0)


def _be_judged(order: Order) -> None:
    namespaces.prctl(4, 1)
    _close_all_but(set(vars(order.ends).values()))
    order.job.limits.confine()
    calls.refuse()
    child.live(order.job, order.ends)


def _close_all_but(spared: set[int]) -> None:
    for descriptor in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if descriptor > 2 and descriptor not in spared:
            with contextlib.suppress(OSError):  # the one that the listing itself used
                os.close(descriptor)


def _attend(pid: int, parent: int, limits: Limits) -> dict[str, Any]:
    """Reap whoever ends, until the judged process has; end it when the memory is used up."""
    wake, waker = socket.socketpair()
    for each in (wake, waker):
        each.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
    while True:
        ready, _, _ = select.select([wake.fileno(), parent], [], [], LOOK)
        if parent in ready:  # the room has gone
            os._exit(child.OURS)
        if wake.fileno() in ready:
            wake.recv(4096)
        while True:
            try:
                done, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return {"status": child.OURS, "over": ""}
            if done == pid:
                return {"status": os.waitstatus_to_exitcode(status), "over": ""}
            if not done:
                break
        if _memory() > limits.memory:
            return {"status": -signal.SIGKILL, "over": "memory"}


def _memory() -> int:
    """Bytes that all processes of the room hold beside what they share with the host."""
    total = 0
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and process.name != "1":
            with contextlib.suppress(OSError, ValueError, IndexError):
                status = (process / "status").read_text(errors="replace")
                total += sum(
                    int(line.split()[1])
                    for line in status.splitlines()
                    if line.startswith(("RssAnon", "RssShmem"))
                )
    return total * 1024


# --- Reading for the judge ---


class _Reader:
    """Reads what the answer wrote, as the judge asks, until the answer has ended."""

    def __init__(
        self, line: socket.socket, state: Path, template: bytes | None, first: _First
    ) -> None:
        self._line, self._state, self._template, self._first = line, state, template, first
        self._rest = b""

    def run(self) -> None:
        """Serve. Comes back when the judged process has ended, or the judge is gone."""
        while True:
            ready, _, _ = select.select([self._line.fileno(), self._first.told], [], [])
            if self._first.told in ready:
                over = self._first.hear()
                if over:
                    self._say({"over": over})
                return
            data = self._line.recv(LINE)
            if not data:
                return
            *lines, self._rest = (self._rest + data).split(b"\n")
            for line in lines:
                asked = json.loads(line)
                self._say({"id": asked["id"], **self._answer(asked)})

    def _answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        try:
            told = plain.unpack(asked["told"])
            value = reading.read(asked["read"], self._state, self._template, told)
            return {"value": plain.pack(value)}
        except Failure as failure:
            return {"failure": _failure(failure)}
        except (Exception, RecursionError, MemoryError) as error:  # what is read may be anything
            return {"failure": _failure(Failure(UNREADABLE.format(error=type(error).__name__)))}

    def _say(self, told: dict[str, Any]) -> None:
        line = json.dumps(told).encode()
        if len(line) >= LINE:
            line = json.dumps({"id": told["id"], "failure": _failure(Failure(TOO_MUCH))}).encode()
        with contextlib.suppress(OSError):
            self._line.sendall(line + b"\n")


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "message": failure.message,
        "expected": shown(failure.expected),
        "actual": shown(failure.actual),
        "nudge": failure.nudge,
    }
