"""Errors of a cell, as short as they can be: the learner's own lines, and the one that raised.

A query that fails comes through a dozen functions of libraries. In a notebook they fill two
screens, and push away the text that explains the error.

    Cell In[3], line 1               await Post.objects.acount()        the learner's: kept
    .../django/db/models/query.py    return await sync_to_async(...)    left out
    .../asgiref/sync.py              return func(*args, **kwargs)       left out
    .../sqlite3/base.py              return super().execute(...)        it was raised here: kept
"""

import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any

from workbook_site.places import CHECKOUT

LEFT_OUT = "({steps} inside {libraries} left out. To see them: %xmode Verbose, then %tb)\n"

# Where code lies that the learner did not write.
_PATHS = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
_LIBRARIES = tuple(f"{path}/" for path in {*_PATHS, CHECKOUT / "workbook_site"})
# The ones that every error of a cell comes through.
_UNNAMED = {"IPython", "ipykernel", "python"}

Render = Callable[..., list[str]]


def shorten(shell: Any) -> None:
    """From now on, this notebook shows errors short; `%xmode` still has its say. Idempotent."""
    renderer = shell.InteractiveTB
    if not hasattr(renderer, "workbook_shortens"):
        renderer.workbook_shortens = True
        renderer.structured_traceback = _short(renderer, renderer.structured_traceback)


def _short(renderer: Any, render: Render) -> Render:
    def structured(
        kind: Any, error: Any = None, tb: Any = None, tb_offset: Any = None, context: int = 5
    ) -> list[str]:
        if renderer.mode != "Context" or not isinstance(tb, TracebackType):
            return render(kind, error, tb, tb_offset, context)
        steps = list(_steps(tb))
        steps = steps[renderer.tb_offset if tb_offset is None else tb_offset :] or steps
        kept = _kept(steps)
        with _short_chain(error):
            lines = render(kind, error, _joined(kept), 0, context)
        told = _told([step for step in steps if step not in kept])
        return [*lines[:-1], told, lines[-1]] if told else lines

    return structured


def _steps(tb: TracebackType | None) -> Iterator[TracebackType]:
    while tb is not None:
        yield tb
        tb = tb.tb_next


def _kept(steps: list[TracebackType]) -> list[TracebackType]:
    """The learner's own steps, and the last of all."""
    return [step for step in steps if not _is_foreign(step) or step is steps[-1]]


def _joined(steps: list[TracebackType]) -> TracebackType | None:
    joined: TracebackType | None = None
    for step in reversed(steps):
        joined = TracebackType(joined, step.tb_frame, step.tb_lasti, step.tb_lineno)
    return joined


def _file(step: TracebackType) -> str:
    return step.tb_frame.f_code.co_filename


def _is_foreign(step: TracebackType) -> bool:
    return _file(step).startswith(("<frozen", *_LIBRARIES))


@contextmanager
def _short_chain(error: BaseException) -> Iterator[None]:
    """For the length of a block: short causes, and none that no line of the learner's led to."""
    chain = list(_chain(error))
    before = [(e, e.__traceback__, e.__cause__, e.__suppress_context__) for e in chain]
    for each, cause in pairwise(chain):
        steps = list(_steps(cause.__traceback__))
        if all(map(_is_foreign, steps)):
            each.__cause__, each.__suppress_context__ = None, True
            break
        cause.__traceback__ = _joined(_kept(steps))
    try:
        yield
    finally:
        for each, tb, cause_before, suppressed in before:
            each.__traceback__, each.__cause__ = tb, cause_before
            each.__suppress_context__ = suppressed


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, its cause, the cause's cause ..."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(left: list[TracebackType]) -> str:
    libraries = dict.fromkeys(map(_library, left))
    named = [name for name in libraries if name not in _UNNAMED]
    if not named:
        return ""
    steps = f"{len(left)} steps" if len(left) > 1 else "One step"
    return LEFT_OUT.format(steps=steps, libraries=_listed(named))


def _library(step: TracebackType) -> str:
    """`django` for .../site-packages/django/db/models/query.py; "python" for its own library."""
    path = Path(_file(step)).parts
    if "site-packages" in path:
        return path[path.index("site-packages") + 1]
    return "workbook_site" if _file(step).startswith(f"{CHECKOUT}/") else "python"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
