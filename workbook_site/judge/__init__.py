"""Runs one answer in a process of its own, and the checks outside it.

    async with Judge() as judge:
        report = await judge.grade(exercise, answer)

Code that is judged never takes part in the verdict: it runs in a process that is forked for it
alone and killed afterwards; the checks run here, and see it through a socket.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook_site.judge.judge import Judge
    from workbook_site.judge.limits import Limits
    from workbook_site.judge.sandbox import NoSandbox

# Loaded when they are asked for: who only wants to know of a sandbox need not wait for a judge.
_WHERE = {"Judge": "judge", "Limits": "limits", "NoSandbox": "sandbox"}

__all__ = ["Judge", "Limits", "NoSandbox"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
