"""A process that a cell started: what is known of it, what it says, and its end."""

import asyncio
import re
import signal as signals
from urllib.parse import urlsplit

from workbook_site.live import tail
from workbook_site.live.saying import Told
from workbook_site.services.process import Child

NOT_SAID = """\
{name} has not said {pattern!r} within {within:g} seconds. What it said last:
{log}"""
ENDED_UNSAID = """\
{name} {how}, and had not said {pattern!r}. What it said last:
{log}"""

# Seconds between two looks at a log that is waited for, and until that is given up.
LOOK, PATIENCE = 0.02, 10.0


class Process:
    """A process that a cell started. It shows itself with the end of its log, as that grows.

    name: what it was started as. url: where it answers, None when it doesn't.
    """

    def __init__(self, name: str, child: Child, url: str | None = None) -> None:
        self.name, self.url = name, url
        self._child = child

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    @property
    def port(self) -> int | None:
        """The port in its address, if it has one."""
        return urlsplit(self.url).port if self.url else None

    @property
    def running(self) -> bool:
        """Whether it runs still."""
        return self._child.running

    @property
    def returncode(self) -> int | None:
        """None while it runs; then its exit code, or minus the signal that ended it."""
        return None if self._child.running else self._child.returncode

    @property
    def log(self) -> str:
        """All that it has said."""
        return self._child.log()

    async def said(
        self, pattern: str, *, times: int = 1, within: float = PATIENCE
    ) -> re.Match[str]:
        """Wait until its log holds this regular expression, so many times; the last match.

        Raises `Told` after `within` seconds, or when it ends without having said it.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while True:
            running = self.running
            found = list(re.finditer(pattern, self.log))
            if len(found) >= times:
                return found[times - 1]
            if not running:
                raise Told(self._unsaid(ENDED_UNSAID, pattern, how=self._how()))
            if loop.time() > deadline:
                raise Told(self._unsaid(NOT_SAID, pattern, within=within))
            await asyncio.sleep(LOOK)

    def signal(self, number: int) -> None:
        """Send its main process a signal: `signal.SIGTERM`, `signal.SIGINT` ..."""
        self._child.signal(number)

    def stop(self) -> None:
        """End it politely, and all that it started; by SIGKILL when it takes too long."""
        self._child.stop()

    def kill(self) -> None:
        """End it by SIGKILL, and all that it started, in the middle of whatever they do."""
        self._child.kill()

    # --- How it shows itself ---

    def facts(self) -> str:
        """One line: what it is, where it answers, its process id and its state."""
        where = f" at {without_password(self.url)}" if self.url else ""
        return f"{self.name}{where}, process {self.pid}, {self._how()}"

    def last_words(self, lines: int) -> str:
        """The end of its log."""
        return self._child.log(lines)

    def sign(self) -> object:
        """Another one when there is something new to show."""
        return self._child.running, self._child.written

    def __repr__(self) -> str:
        return tail.text(self)

    def _ipython_display_(self) -> None:
        tail.show(self)

    def _how(self) -> str:
        code = self.returncode
        if code is None:
            return "running"
        return (
            f"ended with exit code {code}"
            if code >= 0
            else f"ended by {signals.Signals(-code).name}"
        )

    def _unsaid(self, told: str, pattern: str, **more: object) -> str:
        log = self._child.log(tail.LINES) or tail.NOTHING_YET
        return told.format(name=self.name, pattern=pattern, log=log, **more)


def without_password(url: str) -> str:
    """An address that may be shown to anybody who reads the notebook."""
    return re.sub(r"//[^@/]*@", "//", url)
