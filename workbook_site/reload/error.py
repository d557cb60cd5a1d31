"""What went wrong while a project was loaded, as its author should see it."""

import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType


class ProjectError(Exception):
    """A project that can't be loaded.

    `cause` is the exception the project's own code (or Django, speaking about it) raised; its
    traceback, and those of its causes, hold the frames of files inside `folder` only. `text` is
    the whole traceback as Python prints it. `file` and `line` say where to look, when that is
    known: the innermost of the learner's frames, or the place of a SyntaxError.
    """

    def __init__(self, cause: BaseException, folder: Path) -> None:
        super().__init__(f"{type(cause).__name__}: {cause}")
        self.cause = cause
        self.folder = folder
        for each in _chain(cause):
            each.__traceback__ = trimmed(each.__traceback__, folder)
        self.traceback = cause.__traceback__
        self.file, self.line = _place(cause, self.traceback)

    @property
    def text(self) -> str:
        """The traceback in Python's words, with nothing but the learner's frames."""
        return "".join(traceback.format_exception(type(self.cause), self.cause, self.traceback))


def trimmed(tb: TracebackType | None, folder: Path) -> TracebackType | None:
    """The traceback without the frames of files outside `folder`; None when none is left."""
    frames = []
    while tb is not None:
        if inside(tb.tb_frame.f_code.co_filename, folder):
            frames.append(tb)
        tb = tb.tb_next
    rest: TracebackType | None = None
    for kept in reversed(frames):
        rest = TracebackType(rest, kept.tb_frame, kept.tb_lasti, kept.tb_lineno)
    return rest


def inside(filename: str, folder: Path) -> bool:
    """Is this file (as a code object names it) one of the project's?"""
    return Path(filename).is_relative_to(folder)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and all that it came from, each once."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        waiting += [each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
        yield each


def _place(cause: BaseException, tb: TracebackType | None) -> tuple[str | None, int | None]:
    """File and line of the learner's code that the exception is about."""
    if isinstance(cause, SyntaxError):
        return cause.filename, cause.lineno
    if tb is None:
        return None, None
    while tb.tb_next is not None:
        tb = tb.tb_next
    return tb.tb_frame.f_code.co_filename, tb.tb_lineno
