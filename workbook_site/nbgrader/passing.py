"""Where nbgrader runs a notebook, a kernel passes over every cell but those that ask for a verdict.

A chapter takes half a minute to run and starts servers; the points need none of it. And where the
notebook is a stranger's, nothing of the stranger's ever runs in the kernel that tells the points.
"""

import os
from typing import Any

from workbook_site.nbgrader.cells import asks, verdict_source

# nbgrader sets it for its kernels: "autograde" or "validate".
EXECUTION = "NBGRADER_EXECUTION"


def running() -> bool:
    """Does nbgrader run this kernel?"""
    return bool(os.environ.get(EXECUTION))


def pass_over(shell: Any) -> None:
    """Let this shell run cells that ask for a verdict, and no others."""
    # First of all, and what it gives is ours, letter by letter: nothing of the cell is run.
    shell.input_transformers_cleanup.insert(0, only_verdicts)


def only_verdicts(lines: list[str]) -> list[str]:
    """The lines of a verdict's cell as we write them; of any other cell a line that does nothing.

    ["%%exercise only_news\\n", "import os\\n"]  ->  ["pass\\n"]
    """
    exercise = asks("".join(lines))
    if not exercise:
        return ["pass\n"]
    return verdict_source(*exercise.split("/")).splitlines(keepends=True)
