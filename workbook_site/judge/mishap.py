"""An exception of judged code as plain data, with the learner's own frames only."""

import traceback
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

TEXT = 8_000
FRAMES = 12

Data = dict[str, Any]


def describe(error: BaseException, folder: Path) -> Data:
    """`type`, `message`, `frames` and the trimmed traceback as `text`."""
    message = _message(error)
    frames = _frames(error.__traceback__, folder)
    if isinstance(error, SyntaxError) and error.filename:
        line = (error.text or "").strip()
        frames = [*frames, _frame(error.filename, error.lineno or 0, "", line, folder)]
    text = f"{''.join(map(_line, frames))}{type(error).__name__}: {message}"
    return {
        "type": type(error).__name__,
        "message": message[:TEXT],
        "frames": frames[-FRAMES:],
        "text": text[-TEXT:],
    }


def _message(error: BaseException) -> str:
    try:
        if isinstance(error, BaseExceptionGroup):  # it says how many there are, and not which
            first = error.exceptions[:FRAMES]
            told = "; ".join(f"{type(each).__name__}: {_message(each)}" for each in first)
            return f"{error}: {told}"
        return error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception:  # an exception of the learner's may even fail to say what it is
        return ""


def _frames(tb: TracebackType | None, folder: Path) -> list[Data]:
    return [
        _frame(each.filename, each.lineno or 0, each.name, each.line or "", folder)
        for each in traceback.extract_tb(tb)
        if Path(each.filename).is_relative_to(folder)
    ]


def stack(frame: FrameType | None, folder: Path) -> list[Data]:
    """The learner's frames of a running thread or coroutine, outermost first."""
    return [
        _frame(each.filename, each.lineno or 0, each.name, each.line or "", folder)
        for each in traceback.extract_stack(frame)
        if Path(each.filename).is_relative_to(folder)
    ][-FRAMES:]


def _frame(file: str, line: int, function: str, source: str, folder: Path) -> Data:
    path = Path(file)
    name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
    return {"file": name, "line": line, "function": function, "source": source[:300]}


def _line(frame: Data) -> str:
    where = f", in {frame['function']}" if frame["function"] else ""
    return f"{frame['file']}, line {frame['line']}{where}\n    {frame['source']}\n"
