"""The thread that watches a judged process from within, while its main thread may be stuck.

A second line to the judge, one JSON object each way. When it is cut, the judge is gone: the
process and all that it started end.

    {"verb": "stare"}                  ->  {"stack": [...], "look": {...}}
    {"verb": "advance", "seconds": 2}  ->  {}    time passes although the event loop stands still
"""

import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from workbook_site.judge import family, mishap, sight
from workbook_site.judge.clock import Clock


class Watch:
    """Watches for the judge at the other end of `line`, from a thread of its own."""

    def __init__(self, line: socket.socket, folder: Path, clock: Clock) -> None:
        self._line, self._folder, self._clock = line, folder, clock
        self._main = threading.main_thread().ident

    def start(self) -> None:
        """Begin to watch; from now on this process ends with the judge."""
        threading.Thread(target=self._run, name=sight.WATCH, daemon=True).start()

    def _run(self) -> None:
        try:
            rest = b""
            while data := self._line.recv(4096):
                *asked, rest = (rest + data).split(b"\n")
                for each in asked:
                    told = self._answer(json.loads(each))
                    self._line.sendall(json.dumps(told).encode() + b"\n")
        finally:
            family.end_descendants(os.getpid())
            os.killpg(0, signal.SIGKILL)

    def _answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["verb"] == "advance":
            self._clock.advance(asked["seconds"], stuck=True)
            return {"id": asked["id"]}
        frame = sys._current_frames().get(self._main or 0)
        return {
            "id": asked["id"],
            "stack": mishap.stack(frame, self._folder),
            "look": sight.stare(self._clock),
        }
