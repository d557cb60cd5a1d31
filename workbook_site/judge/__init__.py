"""Runs one answer in a process of its own, and the checks outside it.

    async with Judge() as judge:
        report = await judge.grade(exercise, answer)

Code that is judged never takes part in the verdict: it runs in a process that is forked for it
alone and killed afterwards; the checks run here, and see it through a socket.
"""

from workbook_site.judge.judge import Judge
from workbook_site.judge.limits import Limits
from workbook_site.judge.sandbox import NoSandbox

__all__ = ["Judge", "Limits", "NoSandbox"]
