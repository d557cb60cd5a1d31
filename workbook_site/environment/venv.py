"""One virtual environment on disk, and the stamp that says what was put into it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook_site.environment import facts as facts_module
from workbook_site.environment import pins

# Made by us, in the environment's folder. A folder without the stamp is somebody else's.
STAMP = "workbook.json"
LOCK = "workbook.lock"
LOG = "workbook.log"


@dataclass(frozen=True)
class Venv:
    """An environment at `path` for the workbook in `checkout`; it need not exist.

    `chosen`: its folder was named by the user, not by us.
    """

    path: Path
    checkout: Path
    chosen: bool = False

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.path / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def is_running(self) -> bool:
        """Whether this very process runs in it."""
        return self.path.is_dir() and self.path.samefile(sys.prefix)

    def is_ours(self) -> bool:
        """Whether we made it, or began to."""
        return (self.path / STAMP).exists()

    def is_whole(self, files: Iterable[Path]) -> bool:
        """Whether the stamp says that all of `files` is in it, here and for this interpreter.

        Reads one small file: this is what a second call pays.
        """
        stamp = self.stamp()
        return (
            bool(stamp.get("made"))
            and self.stands_where_it_was_made(stamp)
            and stamp.get("python") == self._fingerprint()
            and all(stamp["files"].get(file.name) == pins.digest(file) for file in files)
        )

    def stands_where_it_was_made(self, stamp: Mapping[str, Any]) -> bool:
        """False when it, or the checkout, was moved or copied since."""
        return stamp.get("at") == str(self.path) and stamp.get("checkout") == str(self.checkout)

    def stamp(self) -> dict[str, Any]:
        """What was written last; empty when there is none, or none that can be read."""
        try:
            read = json.loads((self.path / STAMP).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return read if isinstance(read, dict) else {}

    def mark(self, *, made: bool, files: Mapping[str, str] | None = None) -> None:
        """Write the stamp: begun, made, or made and holding these files (name -> digest)."""
        stamp = {
            "made": made,
            "at": str(self.path),
            "checkout": str(self.checkout),
            "python": self._fingerprint(),
            "version": self.facts().get("python_version", "") if made else "",
            "files": dict(files or {}),
        }
        new = self.path / f"{STAMP}.new"
        new.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
        new.replace(self.path / STAMP)

    def version(self) -> str:
        """The Python in it, "3.13", as the stamp says."""
        return str(self.stamp().get("version", ""))

    def facts(self) -> dict[str, str]:
        """What its interpreter says of itself; empty when it doesn't start or isn't this one's."""
        try:
            told = json.loads(self.run([facts_module.__file__]))
            at_home = self.path.samefile(told["prefix"])
        except (OSError, ValueError, KeyError, subprocess.CalledProcessError):
            return {}
        return dict(told) if at_home else {}

    def line(self, *arguments: str) -> list[str]:
        """Its interpreter, shut off from the caller's own packages, as a command line."""
        return [str(self.python), "-I", "-X", "utf8", *arguments]

    def run(self, arguments: list[str]) -> str:
        """The output of its interpreter."""
        done = subprocess.run(self.line(*arguments), capture_output=True, check=True)
        return done.stdout.decode("utf-8", "replace")

    def clear(self) -> None:
        """Empty the folder, all but the lock that we hold."""
        for entry in self.path.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry.name != LOCK:
                entry.unlink()

    def _fingerprint(self) -> list[str | int]:
        """Changes when the interpreter behind the environment is replaced."""
        try:
            real = self.python.resolve(strict=True)
            stat = real.stat()
        except OSError:
            return []
        return [str(real), stat.st_size, stat.st_mtime_ns]
