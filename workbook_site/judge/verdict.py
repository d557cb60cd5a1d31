"""From what the checks came to, to a Report: outcomes, points, and whether it was tried at all."""

import ast
import errno
import functools
import io
import sys
import tokenize
import traceback
from collections.abc import Sequence
from dataclasses import dataclass

from workbook_site.checking import Check, Exercise, Failure, FailureData, Outcome, Report, Result
from workbook_site.checking.report import shown

CRASHED = "Something on our side broke here; it costs you nothing. Please report it."
NO_ROOM = """\
The disk has no room left for judging. Make room, then run the cell again; it costs you nothing."""


@dataclass(frozen=True)
class Seen:
    """What a check came to, without points."""

    outcome: Outcome
    failure: FailureData | None = None


def failed(failure: Failure) -> Seen:
    """The answer is not right yet, and why."""
    told = FailureData(
        message=failure.message,
        expected=shown(failure.expected),
        actual=shown(failure.actual),
        nudge=failure.nudge,
        traceback=failure.traceback,
    )
    return Seen(Outcome.NOT_YET, told)


def ours(error: BaseException | None = None) -> Seen:
    """The error (the one being handled, when none is given) is our fault."""
    error = error or sys.exc_info()[1]
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    told = "".join(traceback.format_exception(error)) if error else ""
    return Seen(Outcome.OUR_FAULT, FailureData(NO_ROOM if full else CRASHED, traceback=told))


def report(exercise: Exercise, seen: Sequence[Seen], *, output: str = "", seed: int = 0) -> Report:
    """The verdict. Points are shared equally by the checks; what is our fault does not count."""
    share = exercise.points / max(1, len(exercise.checks))
    results = tuple(
        _result(check, each, share) for check, each in zip(exercise.checks, seen, strict=True)
    )
    return Report(
        exercise=exercise.name,
        chapter=exercise.chapter,
        title=exercise.title,
        outcome=_outcome([each.outcome for each in results]),
        points=round(sum(each.points for each in results), 6),
        possible=round(sum(each.possible for each in results), 6),
        results=results,
        output=output,
        seed=seed,
        hints=exercise.hints,
    )


def all_alike(exercise: Exercise, seen: Seen, *, seed: int = 0) -> Report:
    """The verdict when no check could be run."""
    return report(exercise, [seen] * len(exercise.checks), seed=seed)


def _result(check: Check, seen: Seen, share: float) -> Result:
    return Result(
        check=check.name,
        sentence=check.sentence,
        outcome=seen.outcome,
        points=share if seen.outcome is Outcome.PASSED else 0.0,
        possible=0.0 if seen.outcome is Outcome.OUR_FAULT else share,
        failure=seen.failure,
    )


def _outcome(outcomes: Sequence[Outcome]) -> Outcome:
    """Passed when all are; a fault of ours shows only when nothing else is wrong."""
    if all(each is Outcome.NOT_TRIED for each in outcomes):
        return Outcome.NOT_TRIED
    if Outcome.NOT_YET in outcomes:
        return Outcome.NOT_YET
    return Outcome.OUR_FAULT if Outcome.OUR_FAULT in outcomes else Outcome.PASSED


# --- Was it tried? ---


def tried(answer: str, starter: str) -> bool:
    """Is the answer more than nothing, and more than the starter with other spaces or comments?"""
    if answer == starter:  # as with every exercise of a chapter that nobody has touched
        return False
    told = essence(answer)
    return bool(told) and told != _of_starter(starter)


def essence(text: str) -> str:
    """What of a text matters: as Python its tree, else its words; empty when there is nothing."""
    words = _words(text)
    try:
        return ast.dump(ast.parse(text)) if words else ""
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return words


_of_starter = functools.lru_cache(maxsize=64)(essence)  # many answers are compared with the same

_PASSED_OVER = frozenset(
    {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
)


def _words(text: str) -> str:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return " ".join(text.split())
    return " ".join(token.string for token in tokens if token.type not in _PASSED_OVER)
