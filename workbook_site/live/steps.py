"""Work that takes a while, said while it is done: one line below the cell, replaced step by step.

Outside of a notebook nothing is said.
"""

from html import escape
from types import TracebackType
from typing import Any

STYLE = "font-size:13px;opacity:.85"
BROKEN = "Not finished: {step}"


class Steps:
    """A context manager. `now` says what is being done, and the last word stays.

    Where an exception ends the work, the line says at which step.
    """

    def __init__(self) -> None:
        self._shown: Any = None
        self._step = ""

    def __enter__(self) -> "Steps":
        return self

    def now(self, step: str) -> None:
        """Say it in place of what was said before. Whatever has no end yet ends with dots."""
        self._step = step
        # Heavy, and there already wherever there is a notebook.
        import IPython.display

        shell: Any = IPython.get_ipython()
        if shell is None:
            return
        display: Any = IPython.display.display
        told = {"text/plain": step, "text/html": f'<div style="{STYLE}">{escape(step)}</div>'}
        if self._shown is None:
            self._shown = display(told, raw=True, display_id=True)
        else:
            self._shown.update(told, raw=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is not None and self._step:
            self.now(BROKEN.format(step=self._step.rstrip(" .…")))
