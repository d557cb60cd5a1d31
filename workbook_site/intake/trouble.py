"""All that can be wrong with a file, each with its sentence and its exit code.

The sentence is for the learner and the instructor alike: what was found, and what to do.
"""

from dataclasses import dataclass
from enum import StrEnum

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one file may be: bytes of a notebook, its cells, bytes of one answer; how many files and
    bytes an archive may hold, and how many times smaller than its content a packed file may be."""

    notebook: int = 20 * MB
    cells: int = 2_000
    answer: int = 256 * 1024
    files: int = 50_000
    total: int = 10_000 * MB
    ratio: int = 1_000


class Trouble(StrEnum):
    """Why a file can't be graded. The value is a slug for exports."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    NOT_UTF8 = "not-utf8"
    NOT_JSON = "not-json"
    NOT_A_NOTEBOOK = "not-a-notebook"
    OTHER_FORMAT = "other-format"
    OTHER_LANGUAGE = "other-language"
    TOO_MANY_CELLS = "too-many-cells"
    SYMLINK = "symlink"
    UNREADABLE = "unreadable"
    ZIP_PATH = "zip-path"
    ZIP_BOMB = "zip-bomb"
    ZIP_BROKEN = "zip-broken"
    ZIP_LOCKED = "zip-locked"
    NOBODYS = "nobodys"

    @property
    def sentence(self) -> str:
        """A template: fill it in with `NotUsable`."""
        return _SENTENCES[self]

    @property
    def code(self) -> int:
        """The exit code of `grade` when this is all that was wrong. 20 is for several kinds."""
        return 21 + list(Trouble).index(self)


_SENTENCES = {
    Trouble.EMPTY: "The file is empty. Save the notebook, look into it, and hand it in again.",
    Trouble.TOO_LARGE: (
        "The file has {found:,} bytes; a notebook may have {limit:,}. Clear its outputs "
        "(Kernel > Restart Kernel and Clear Outputs), save, and hand it in again."
    ),
    Trouble.NOT_UTF8: (
        "The file is not UTF-8 text ({found}). Hand in the .ipynb file that JupyterLab saved."
    ),
    Trouble.NOT_JSON: (
        "The file is not JSON ({found}), so it is no notebook. Hand in the .ipynb file that "
        "JupyterLab saved, whole."
    ),
    Trouble.NOT_A_NOTEBOOK: "The file is JSON, but no notebook: {found}.",
    Trouble.OTHER_FORMAT: (
        "The notebook has the format nbformat {found}; we read 4. Open it in JupyterLab, save it, "
        "and hand it in again."
    ),
    Trouble.OTHER_LANGUAGE: "The notebook is written in {found}, not in Python.",
    Trouble.TOO_MANY_CELLS: "The notebook has {found:,} cells; {limit:,} are allowed.",
    Trouble.SYMLINK: "This is a symbolic link. Links are never followed: hand in the file itself.",
    Trouble.UNREADABLE: "The file can't be read ({found}).",
    Trouble.ZIP_PATH: (
        "The name {found} leads out of the archive. Nothing of this entry was read."
    ),
    Trouble.ZIP_BOMB: (
        "The archive is a bomb: {found}. Nothing of it was unpacked; pack the files anew."
    ),
    Trouble.ZIP_BROKEN: "The archive, or this file in it, is broken ({found}). Download it again.",
    Trouble.ZIP_LOCKED: "The file is locked with a password. Pack it without one.",
    Trouble.NOBODYS: "{found}",
}


class NotUsable(ValueError):
    """This file can't be graded. `str()` is the sentence."""

    def __init__(self, trouble: Trouble, found: object = "", limit: int = 0) -> None:
        super().__init__(trouble.sentence.format(found=found, limit=limit))
        self.trouble = trouble
