"""One value that can't be shown fails one cell, not every cell after it.

ipykernel notes that showing a cell's last value failed, and forgets it only before cells that it
runs without a loop. A notebook always has one: with ipykernel 7.4 every later cell is reported as
failed, and Run All stops at the next.
"""

from typing import Any

_NOTE = "_last_traceback_during_displayhook"


def heal(shell: Any) -> None:
    """From now on, each cell of this notebook answers for itself. Call it once for a shell."""

    def forget(_: Any) -> None:
        if getattr(shell, _NOTE, False):
            setattr(shell, _NOTE, False)

    shell.events.register("pre_run_cell", forget)
