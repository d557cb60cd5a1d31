"""What intake finds, as values."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from workbook_site.intake.trouble import NotUsable, Trouble


@dataclass(frozen=True)
class Opened:
    """A file that was read. `data` is `None` when it was too large to be; `trouble` and its
    sentence `problem` are set when it can't be graded."""

    digest: str
    data: bytes | None
    trouble: Trouble | None = None
    problem: str = ""


@dataclass(frozen=True)
class Submitted:
    """Somebody's notebook for a chapter. It is read when it is opened, not before.

    `student` is what the files go by. `received` is when it was handed in, as far as the files
    tell. `marked_late`: the learning platform said so.
    """

    student: str
    chapter: str
    source: str
    received: datetime | None
    marked_late: bool
    load: Callable[[], bytes] = field(repr=False)
    verify: Callable[[bytes], object] = field(repr=False)

    def open(self) -> Opened:
        """Read it and look whether it is a notebook that can be graded. Never raises."""
        data: bytes | None = None
        try:
            data = self.load()
            self.verify(data)
        except NotUsable as wrong:
            told = data if data is not None else f"{self.source}: {wrong}".encode(errors="replace")
            return Opened(_digest(told), data, wrong.trouble, str(wrong))
        return Opened(_digest(data), data)


@dataclass(frozen=True)
class Unplaced:
    """A file that belongs to no student or no chapter that we know."""

    source: str
    why: str
    trouble: Trouble = Trouble.NOBODYS

    @cached_property
    def digest(self) -> str:
        """The same file, for the same reason, has the same one."""
        return _digest(f"{self.source}\0{self.why}".encode(errors="replace"))


@dataclass(frozen=True)
class Handed:
    """All that was found, and in words what it was taken for."""

    understood: str
    submissions: list[Submitted]
    unplaced: list[Unplaced]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
