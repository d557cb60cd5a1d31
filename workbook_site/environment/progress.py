"""What a waiting reader sees: a line for each step, and on a terminal one live line below it."""

import shutil
from typing import TextIO

STEP = "  step {number} of {total}  {text}"


class Progress:
    """Writes to `stream`; only a terminal gets the live line, a log file gets the steps."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._on_line = False

    def line(self, text: str) -> None:
        """A line that stays."""
        self._wipe()
        self._stream.write(f"{text}\n")
        self._stream.flush()

    def step(self, number: int, total: int, text: str) -> None:
        """`step 3 of 12  django, channels`: the numbers are the same on every call."""
        width = len(str(total))
        self.line(STEP.format(number=str(number).rjust(width), total=total, text=text))

    def now(self, text: str) -> None:
        """What is being done this moment; replaced by whatever comes next."""
        if self._live and text:
            self._wipe()
            room = shutil.get_terminal_size().columns - 8
            self._stream.write(f"      {text[:room]}")
            self._stream.flush()
            self._on_line = True

    def _wipe(self) -> None:
        if self._on_line:
            self._stream.write("\r\x1b[K")
            self._on_line = False
