"""The inner wall: a room of its own for each answer, inside the sandbox of the host.

Two small processes make a room, both forked from the keeper (`judge.keeper`), so that they cost
little. The first (`live`) takes its namespaces of mounts, network and users, puts an empty disk in
memory over all that can be written, lays the project on it, gives up its rights, and from then on
reads what the answer writes, for the judge. The second is the first process of the room's own space
of processes: it adds up the memory, buries orphans, and takes everything along when it ends, by the
kernel's hand. The judged process is a third: the host forks it, and it comes in through the doors
that it is handed (`judge.entering`). It sees the second, whom it can't touch, and nobody else.

127.0.0.1 is the room's own, too. The socket on which the upstream listens there is made in here
and handed to the judge, so that nothing has to carry data between the two networks.

The judge sends the project's files first, as `folders.packed` makes them. Lines to the judge, one
JSON object each; with the first comes the socket:

    {"room": true} or {"refused": "..."}
    {"id": 3, "read": "rows", "told": {...}}  ->  {"id": 3, "value": ...} or {"failure": ...}
    {"over": "memory"}

To the host it says one thing, with the doors: {"owner": 2046820353}. The room ends when the host
closes that line.
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

from workbook_site.checking.failure import Failure
from workbook_site.checking.report import shown
from workbook_site.judge import folders, namespaces, plain, written
from workbook_site.judge.job import OURS
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
    """What a room is for. `number` tells rooms of one host apart; `site` and `state` are folders
    of the project, as a `Job` has them."""

    number: int
    site: str
    state: str
    limits: Limits


def live(order: Order, answers: Path, as_root: bool, line: socket.socket, host: int) -> NoReturn:
    """Be a room, until the host closes the socket `host`. `line` is the judge's."""
    os.setsid()
    namespaces.end_with_parent(signal.SIGKILL)
    files = _receive(line)
    door = socket.socket(fileno=host)
    try:
        owner = _make_namespaces(order.number, as_root)
        upstream = _furnish(answers, order.limits, owner)
        first = _First(order.limits, owner)
        doors = namespaces.doors(users=not as_root)
        first.begin()
    except OSError as error:
        line.sendall(json.dumps({"refused": str(error)}).encode() + b"\n")
        os._exit(OURS)
    socket.send_fds(line, [b'{"room": true}\n'], [upstream.fileno()])
    upstream.close()
    namespaces.drop_rights(owner)
    namespaces.stay_hidden()
    _lay(files, Path(order.site).parent)
    order.limits.apply()
    first.wait()
    with contextlib.suppress(OSError):  # the host may have no use for it any more
        socket.send_fds(door, [json.dumps({"owner": owner}).encode()], doors)
    for each in doors:
        os.close(each)
    template = files.get(f"state/{DATABASE}")
    _Reader(line, Path(order.state), template, first, door).run()
    first.end()
    os._exit(0)


def possible(answers: Path, as_root: bool) -> str:
    """Try to make a room; what the system says against it, empty when it works."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            owner = _make_namespaces(0, as_root)
            _furnish(answers, Limits(), owner).close()
            first = _First(Limits(), owner)
            namespaces.doors(users=not as_root)
            first.begin()
            if not first.wait():
                os.write(write, b"a room's first process ended")
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


# --- The project ---


def _receive(line: socket.socket) -> dict[str, bytes | None]:
    """What the judge sends first: how many bytes, in eight, and these."""
    read = line.makefile("rb", 0)
    size = int.from_bytes(_exactly(read, 8), "big")
    return folders.unpack(_exactly(read, size))


def _exactly(read: Any, size: int) -> bytes:
    parts = []
    while size:
        part = read.read(size)
        if not part:  # the judge has gone
            os._exit(OURS)
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _lay(files: dict[str, bytes | None], folder: Path) -> None:
    for name, data in files.items():
        path = folder / name
        (path if data is None else path.parent).mkdir(parents=True, exist_ok=True)
        if data is not None:
            path.write_bytes(data)


# --- The first process ---


class _First:
    """The first process of the room's processes, as the room sees it."""

    def __init__(self, limits: Limits, owner: int) -> None:
        told, tell = os.pipe()
        wait, self._go = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(told)
            os.close(self._go)
            try:
                _be_first(limits, owner, wait, tell)
            finally:
                os._exit(OURS)
        os.close(tell)
        os.close(wait)
        self.told = told

    def begin(self) -> None:
        """Have it lay its own /proc over that of the room, which leaves the room without one."""
        os.write(self._go, b".")

    def wait(self) -> bool:
        """Until it is ready; false when it has ended instead."""
        return bool(os.read(self.told, 1))

    def hear(self) -> str:
        """What it says the answer had too much of; empty when it has ended."""
        return os.read(self.told, 4096).decode("ascii", "replace")

    def end(self) -> None:
        """End it, and with it all that is in there. What it said last can still be heard."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def _be_first(limits: Limits, owner: int, wait: int, tell: int) -> NoReturn:
    namespaces.end_with_parent(signal.SIGKILL)
    if not os.read(wait, 1):
        os._exit(OURS)
    # /proc shows these processes alone.
    flags = namespaces.NO_SETUID | namespaces.NO_DEVICES | namespaces.NO_PROGRAMS
    namespaces.mount("proc", "/proc", "proc", flags)
    namespaces.drop_rights(owner)
    namespaces.end_with_parent(signal.SIGKILL)  # forgotten when the user changed
    namespaces.stay_hidden()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever is left to it is buried at once
    os.write(tell, b".")
    while True:
        ready, _, _ = select.select([wait], [], [], LOOK)
        if ready:  # the room has gone
            os._exit(0)
        if _memory() > limits.memory:
            os.write(tell, b"memory")
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)


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
    """Reads what the answer wrote, as the judge asks, until the host or the judge is gone."""

    def __init__(
        self,
        line: socket.socket,
        state: Path,
        template: bytes | None,
        first: _First,
        door: socket.socket,
    ) -> None:
        self._line, self._state, self._template = line, state, template
        self._first, self._door = first, door
        self._rest = b""

    def run(self) -> None:
        """Serve. Comes back when the answer has ended, or whoever asks is gone."""
        while True:
            watched = [self._line.fileno(), self._first.told, self._door.fileno()]
            ready, _, _ = select.select(watched, [], [])
            if self._first.told in ready:  # said before all was killed, so heard before the rest
                over = self._first.hear()
                if not over:
                    return
                self._say({"over": over})
            elif self._door.fileno() in ready or not self._listen():
                return

    def _listen(self) -> bool:
        data = self._line.recv(LINE)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            asked = json.loads(line)
            self._say({"id": asked["id"], **self._answer(asked)})
        return bool(data)

    def _answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        try:
            told = plain.unpack(asked["told"])
            value = written.read(asked["read"], self._state, self._template, told)
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
