"""One judged process as the judge sees it: its line, its output, and how it came to its end."""

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, Protocol

from workbook_site.checking.data import parse
from workbook_site.checking.failure import Failure
from workbook_site.checking.judged import Gone, explain
from workbook_site.judge import folders, reading, shapes
from workbook_site.judge.agent import LINE
from workbook_site.judge.job import BROKE_DOWN, OURS, Job
from workbook_site.judge.limits import MB
from workbook_site.project import Project

NONSENSE = "Your code talks on the line that the workbook uses to watch it."
EXITED = "Your code ended the whole process (exit code {code})."
EXITED_NUDGE = "Is there a call of exit(), sys.exit() or os._exit()? A web server must go on."
KILLED = "The process of your code was killed ({name})."
MEMORY = "Your code used more than {limit:,} MB of memory; it was stopped there."
MEMORY_NUDGE = "Does it keep more than it needs, or read all at once what it could read in parts?"
KILLED_NUDGE = "That is what happens when it uses too much memory, or kills itself."
TOO_MUCH = "Your code printed more than {limit:,} bytes; it was stopped there."
TOO_MUCH_NUDGE = "Is there a print in a loop that does not end?"
BROKEN_DOWN = "Your code broke the server that it runs in."
BROKEN_DOWN_NUDGE = "Its output ends with the error. Did you close or replace what is not yours?"
HOST_LOST = "The process that the judge starts all others from has ended."
LOST = "The judged process went away."

STACK = 64 * 1024


Ended = Callable[[int | None], None]


class Starter(Protocol):
    """Whoever can start judged processes: the host. `sandboxed`: each gets a room of its own."""

    sandboxed: bool

    def begin(self, job: Job, descriptors: list[int], ended: Ended) -> int:
        """Start one; its number. `ended` is told its exit status, `None` if that is not known."""

    def end(self, number: int) -> None:
        """Kill one."""


class Broken(Failure):
    """The project can't even be loaded."""


class Process:
    """A judged process, from `start` to `end`. It is what `checking.Site` talks to.

    `template`: the database at the beginning, None for one that the process makes itself. `files`:
    the project, where it does not lie in the folder.
    """

    def __init__(
        self, folder: Path, template: Path | None = None, files: Project | None = None
    ) -> None:
        self._site, self._files, self._template = folder / "site", files, template
        self._reading: reading.Reading = reading.Here(folder / "state", template)
        self.address = folder / "http.sock"
        loop = asyncio.get_running_loop()
        self.gone: asyncio.Future[Gone] = loop.create_future()
        self._ended: asyncio.Future[int | None] = loop.create_future()
        self._loaded: asyncio.Future[Failure | None] = loop.create_future()
        self._ready: asyncio.Future[Failure | None] = loop.create_future()
        self.now = self.blocked = 0.0
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._count = 0
        self._output = bytearray()
        self._number = 0
        self._connecting: asyncio.Future[None] | None = None
        self._watching = asyncio.Lock()
        self._watched = b""

    # --- Beginning and end ---

    async def start(self, host: Starter, job: Job) -> None:
        """Have it started; `loaded` and `ready` tell how far it is."""
        self._host, self.job = host, job
        verbs, verbs_end = socket.socketpair()
        self._watch, watch_end = socket.socketpair()
        read, write = os.pipe()
        http = _listen(self.address)
        ends = [http.fileno(), verbs_end.fileno(), watch_end.fileno(), write]
        line, line_end = socket.socketpair()
        if host.sandboxed and job.serve:
            self._reading = reading.Inside(line)
            ends.append(line_end.fileno())
        else:
            line.close()
        try:
            self._number = host.begin(self.job, ends, self._on_ended)
        except BaseException:
            verbs.close()
            self._watch.close()
            os.close(read)
            raise
        finally:
            for each in (http, verbs_end, watch_end, line_end):
                each.close()
            os.close(write)
        self._connecting = asyncio.ensure_future(self._connect(verbs, read))
        # Whoever gives up here still has to end what was begun.
        await asyncio.shield(self._connecting)

    async def _connect(self, verbs: socket.socket, output: int) -> None:
        loop = asyncio.get_running_loop()
        self._watch.setblocking(False)
        reader, self._writer = await asyncio.open_unix_connection(sock=verbs, limit=LINE)
        self._listening = loop.create_task(self._listen(reader))
        self._pipe, _ = await loop.connect_read_pipe(
            lambda: _Output(self._on_output), os.fdopen(output, "rb", 0)
        )

    @property
    def connected(self) -> bool:
        """Can it be asked anything yet?"""
        return self._connecting is not None and self._connecting.done()

    async def upstream(self) -> socket.socket:
        """Behind a sandbox: have the files laid; the socket on which the upstream is to listen.
        Raises `Gone`."""
        assert isinstance(self._reading, reading.Inside)
        assert self._files is not None
        try:
            return await self._reading.open(folders.packed(self._files, self._template))
        except ConnectionError as error:
            raise Gone(LOST, ours=True, traceback=str(error)) from None

    def source(self, path: str) -> str:
        """The text of a file of the project. Raises `LookupError`, `OSError` or `ValueError`."""
        if self._files is not None:
            return self._files.files[path]
        return (self._site / path).read_text(encoding="utf-8")

    async def read(self, what: str, **told: Any) -> Any:
        """Read what it wrote; see `judge.reading`. Raises `Failure`."""
        return await self._reading.read(what, **told)

    async def loaded(self) -> None:
        """Wait until the project is loaded. Raises `Broken` when it can't be, or `Gone`."""
        await self._reached(self._loaded)

    async def ready(self) -> None:
        """Wait until it serves. Raises `Broken` when its own start fails, or `Gone`."""
        await self._reached(self._ready)

    async def _reached(self, mark: "asyncio.Future[Failure | None]") -> None:
        either: set[asyncio.Future[Any]] = {mark, self.gone}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        failure = mark.result() if mark.done() else self.gone.result()
        if failure:
            raise failure

    async def end(self) -> None:
        """Kill it and wait until it is buried."""
        if self._connecting is None:
            return
        await self._connecting
        self._host.end(self._number)
        self._watch.close()  # it ends by this alone when the host is gone
        await self._ended
        await asyncio.gather(self._listening, return_exceptions=True)
        await self._reading.close()
        self._pipe.close()
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    @property
    def output(self) -> str:
        """What it printed so far, cut at the limit."""
        return self._output.decode("utf-8", "replace")

    # --- The watch ---

    async def watch(self, verb: str, **arguments: Any) -> dict[str, Any]:
        """Ask the thread that watches, which answers while the event loop is stuck. Raises `Gone`
        when the process has ended."""
        loop = asyncio.get_running_loop()
        async with self._watching:
            self._count += 1
            asked = {"id": self._count, "verb": verb, **arguments}
            try:
                await loop.sock_sendall(self._watch, json.dumps(asked).encode() + b"\n")
                while True:
                    told: dict[str, Any] = parse(await self._watch_line())
                    if told["id"] == asked["id"]:  # not what somebody before no longer waited for
                        if verb == "stare" and not shapes.sound(verb, told):
                            raise self._nonsense()
                        return told
            except (OSError, ValueError, TypeError, KeyError):
                return await self._nothing_more()

    async def _watch_line(self) -> bytes:
        loop = asyncio.get_running_loop()
        while b"\n" not in self._watched:
            more = await loop.sock_recv(self._watch, STACK)
            if not more or len(self._watched) > LINE:
                raise ConnectionResetError
            self._watched += more
        line, _, self._watched = self._watched.partition(b"\n")
        return line

    async def _nothing_more(self) -> NoReturn:
        raise await self.gone

    # --- The line ---

    async def ask(self, verb: str, **arguments: Any) -> Any:
        """Have the agent carry out a verb. Raises `Failure`: the learner's exception, or `Gone`."""
        if self.gone.done():
            raise self.gone.result()
        self._count += 1
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._asked[self._count] = answer
        asked = {"id": self._count, "verb": verb, **arguments}
        self._writer.write(json.dumps(asked).encode() + b"\n")
        value = await answer
        if not shapes.sound(verb, value):
            raise self._nonsense()
        return value

    def _nonsense(self) -> Gone:
        """What talks there is not ours any more."""
        self._lose(Gone(NONSENSE))
        return self.gone.result()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                self._take(parse(line))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            self._lose(Gone(NONSENSE))
            return
        except OSError:
            pass
        status = await asyncio.shield(self._ended)
        if isinstance(self._reading, reading.Inside):
            await self._reading.ended()
        self._lose(self._obituary(status))

    def _take(self, told: dict[str, Any]) -> None:
        if "reached" in told:
            broken = told.get("broken")
            failure = Broken(**explain(broken)) if broken else None
            mark = self._ready if told["reached"] == "ready" else self._loaded
            if not mark.done():
                mark.set_result(failure)
            return
        if not shapes.time(told):
            raise ValueError(told)
        answer = self._asked.pop(told["id"])
        self.now, self.blocked = float(told["now"]), float(told["blocked"])
        if answer.done():  # whoever asked has gone
            return
        if "error" in told:
            answer.set_exception(Failure(**explain(told["error"])))
        elif "trouble" in told:
            answer.set_exception(Failure(str(told["trouble"])))
        else:
            answer.set_result(told["value"])

    # --- Its end ---

    def _on_ended(self, status: int | None) -> None:
        if not self._ended.done():
            self._ended.set_result(status)
        if status is None:  # it may live on, but nobody would bury it
            self._lose(self._obituary(None))

    def _on_output(self, data: bytes) -> None:
        room = self.job.limits.printed - len(self._output)
        self._output += data[:room]
        if len(data) > room:
            self._pipe.close()
            told = TOO_MUCH.format(limit=self.job.limits.printed)
            self._lose(Gone(told, nudge=TOO_MUCH_NUDGE))
            self._host.end(self._number)

    def _obituary(self, status: int | None) -> Gone:
        if status is None:
            return Gone(HOST_LOST, ours=True)
        inside = isinstance(self._reading, reading.Inside)
        # A stranger may end with any code: nothing of ours goes wrong any more once a room stands.
        if status == OURS and not inside:
            return Gone(LOST, ours=True, traceback=self.output)
        if isinstance(self._reading, reading.Inside) and self._reading.over == "memory":
            told = MEMORY.format(limit=self.job.limits.memory // MB)
            return Gone(told, nudge=MEMORY_NUDGE)
        if status in (BROKE_DOWN, OURS):
            return Gone(BROKEN_DOWN, nudge=BROKEN_DOWN_NUDGE)
        if status < 0:
            name = signal.Signals(-status).name
            return Gone(KILLED.format(name=name), nudge=KILLED_NUDGE)
        return Gone(EXITED.format(code=status), nudge=EXITED_NUDGE)

    def _lose(self, gone: Gone) -> None:
        if not self.gone.done():
            self.gone.set_result(gone)
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(self.gone.result())
                answer.exception()  # seen: nobody may be waiting any more
        self._asked.clear()


class _Output(asyncio.Protocol):
    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take

    def data_received(self, data: bytes) -> None:
        self._take(data)


def _listen(address: Path) -> socket.socket:
    http = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    http.bind(str(address))
    http.listen(128)
    return http
