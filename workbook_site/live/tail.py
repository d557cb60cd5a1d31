"""A process under the cell that started it: its facts, and the end of its log as it grows.

The display is updated from a thread, so that a busy cell does not stop it. What was shown last
stays when the kernel ends, and in an exported page.
"""

import threading
from html import escape
from typing import Any, Protocol

from IPython.display import display

# Lines of the log that are shown, characters of each, and seconds between two looks.
LINES, LONGEST, LOOK = 12, 240, 0.25

NOTHING_YET = "(it has said nothing yet)"

_HEAD = "font-size:13px;margin:2px 0"
_LOG = (
    "font-family:var(--jp-code-font-family,monospace);font-size:12px;margin:2px 0 6px;"
    "padding:4px 8px;white-space:pre-wrap;overflow-wrap:anywhere;border-left:3px solid #8886;"
    "background:none;color:inherit;max-height:260px;overflow:auto"
)


class Shown(Protocol):
    """What can be shown so: its facts, its last words, and a sign that changes with them."""

    name: str

    def facts(self) -> str:
        """One line: what it is, where, and how it is."""

    def last_words(self, lines: int) -> str:
        """The end of its log."""

    def sign(self) -> object:
        """Equal to the one before when there is nothing new to show."""

    @property
    def running(self) -> bool:
        """Whether there will be more."""


def show(process: Shown) -> None:
    """Show it under the running cell, and keep that up to date while the process runs."""
    sign = process.sign()
    handle = display(bundle(process), raw=True, display_id=True)  # type: ignore[no-untyped-call]
    _follower.follow(process, handle, sign)


def text(process: Shown) -> str:
    """For a terminal."""
    return "\n".join([process.facts(), *(f"    {line}" for line in _lines(process))])


def bundle(process: Shown) -> dict[str, str]:
    """By media type, what a notebook shows."""
    facts, log = escape(process.facts()), escape("\n".join(_lines(process)))
    # It scrolls, so the keyboard has to reach it.
    label = f'role="log" aria-label="Log of {escape(process.name)}" tabindex="0"'
    html = f'<div style="{_HEAD}">{facts}</div><pre style="{_LOG}" {label}>{log}</pre>'
    return {"text/html": html, "text/plain": text(process)}


def _lines(process: Shown) -> list[str]:
    told = process.last_words(LINES).splitlines() or [NOTHING_YET]
    return [line if len(line) <= LONGEST else f"{line[:LONGEST]}…" for line in told]


class _Follower:
    """One thread for all that is shown; it ends when nothing shown runs any more."""

    def __init__(self) -> None:
        self._shown: list[tuple[Shown, Any, object]] = []
        self._changing = threading.Lock()
        self._thread: threading.Thread | None = None

    def follow(self, process: Shown, handle: Any, sign: object) -> None:
        """Update this display from now on."""
        if handle is None:  # no notebook
            return
        with self._changing:
            self._shown.append((process, handle, sign))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="log tails", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            with self._changing:
                shown, self._shown = self._shown, []
                if not shown:
                    self._thread = None
                    return
            going_on = [again for each in shown if (again := self._update(*each))]
            with self._changing:
                self._shown = going_on + self._shown
            pause.wait(LOOK)

    def _update(
        self, process: Shown, handle: Any, sign: object
    ) -> tuple[Shown, Any, object] | None:
        goes_on = process.running  # asked first: what it says at its end is shown still
        now = process.sign()
        if now != sign:
            try:
                handle.update(bundle(process), raw=True)
            except Exception:  # the kernel is ending: nobody looks any more
                return None
        return (process, handle, now) if goes_on else None


_follower = _Follower()
