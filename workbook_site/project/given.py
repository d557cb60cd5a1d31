"""What the chapters of this and of older releases gave for a block, remembered in a file.

A block that reads so was never the learner's own. Without this, what an older release had put into
the project would be taken for theirs, and never be brought up to date.

{"release": "...", "blocks": {"blog/urls.py#feed": ["1f0c...", ...]}}
"""

import contextlib
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from workbook_site.project.chapters import chapters
from workbook_site.project.lay import read, write
from workbook_site.project.replay import History, everything


@dataclass
class Given:
    """Fingerprints of texts, by the block that they were given for."""

    file: Path
    release: str = ""
    blocks: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> Self:
        """What this file remembers; nothing where there is none, or none that can be read."""
        try:
            told: dict[str, Any] = json.loads(read(file))
            blocks = {str(key): list(map(str, texts)) for key, texts in told["blocks"].items()}
            return cls(file, str(told["release"]), blocks)
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return cls(file)

    def knows(self, path: str, name: str, text: str) -> bool:
        """Whether some release gave this text for this block."""
        return _fingerprint(text) in self.blocks.get(_key(path, name), ())

    def remember_this_release(self) -> None:
        """Add all that the chapters give now, unless that was done. A full disk is no reason to
        stop: it is tried again at the next time."""
        release = _release()
        if release == self.release:
            return
        self.release = release
        self._add(everything())
        told = {"release": self.release, "blocks": self.blocks}
        with contextlib.suppress(OSError):
            write(self.file, json.dumps(told, indent=1, sort_keys=True) + "\n")

    def _add(self, told: History) -> None:
        for (path, name), texts in told.versions.items():
            known = self.blocks.setdefault(_key(path, name), [])
            known += sorted(set(map(_fingerprint, texts)) - set(known))


def _key(path: str, name: str) -> str:
    return f"{path}#{name}"


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _release() -> str:
    """Another text when a notebook was printed anew; cheap, since it is asked at every boot."""
    seen = [(each.path.name, *_size_and_time(each.path)) for each in chapters()]
    return _fingerprint(repr(seen))


def _size_and_time(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns
