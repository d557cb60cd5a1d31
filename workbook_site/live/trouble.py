"""What stands in the way on the disk, as one sentence, and what to do about it.

A full disk, a folder that may not be written to or a file in another encoding is nobody's mistake
in the code: a traceback would only hide what there is to do.
"""

import errno
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbook_site import places
from workbook_site.live.saying import Told
from workbook_site.project.lay import NotText
from workbook_site.reload.error import trimmed

FULL = """\
The disk is full: {file} can't be written ({why}).
What was there before is as it was, and the cell still holds what you wrote. Make room, then run
the cell again."""
NOT_YOURS = """\
{file} may not be used by you ({why}).
What is there stays as it is, and the cell still holds what you wrote. In a terminal, give yourself
the right to it, then run the cell again:
    sudo chown -R "$USER" {workspace}; chmod -R u+rwX {workspace}
Or begin elsewhere: python3 -m workbook_site lab --workspace ~/my_workbook"""
READ_ONLY = """\
{file} can't be written: the disk that it lies on is read-only ({why}).
The cell still holds what you wrote. Begin in a folder that you may write to:
    python3 -m workbook_site lab --workspace ~/my_workbook"""
IN_THE_WAY = """\
{file} is in the way ({why}): the workbook needs a {wanted} of this name.
Rename what stands there, or move it away, then run the cell again."""
TOO_MANY = """\
This notebook's kernel has too many files open ({why}).
Restart the kernel, then run the notebook's first code cell."""
OTHER = "The system says no: {why}. Mend that, then run the cell again."


@contextmanager
def told() -> Iterator[None]:
    """Inside this block, what the disk refuses is raised as a `Told`."""
    try:
        yield
    except NotText as error:
        raise Told(str(error)) from None
    except OSError as error:
        raise Told(sentence(error)) from None


def is_ours(error: BaseException, folder: Path) -> bool:
    """Whether an error is one that the disk gave us, and not code of the project in `folder`."""
    return isinstance(error, OSError) and trimmed(error.__traceback__, folder) is None


def sentence(error: OSError) -> str:
    """What happened to which file, and what to do."""
    why, file = error.strerror or str(error) or type(error).__name__, error.filename
    known = _KNOWN.get(error.errno or 0)
    if known is None or (file is None and known is not TOO_MANY):
        known, why = OTHER, f"{why} ({file})" if file else why
    # Both sorts of it come up: a file that is in the way of a folder, and the other way round.
    wanted = "file" if error.errno == errno.EISDIR else "folder"
    workspace = shlex.quote(str(places.workspace()))
    return known.format(file=file, why=why, wanted=wanted, workspace=workspace)


_KNOWN = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EACCES: NOT_YOURS,
    errno.EPERM: NOT_YOURS,
    errno.EROFS: READ_ONLY,
    errno.EISDIR: IN_THE_WAY,
    errno.ENOTDIR: IN_THE_WAY,
    errno.EEXIST: IN_THE_WAY,
    errno.EMFILE: TOO_MANY,
    errno.ENFILE: TOO_MANY,
}
