"""A program for the environment's own interpreter: writes its command-line scripts anew.

A script's first line names its interpreter by its whole path. When the environment was moved,
that path is gone, though the packages are all well.
"""

import sys
from importlib.metadata import distributions
from pathlib import Path
from typing import Any


def main() -> None:
    """Write one script for each console entry point of each installed package."""
    # pip carries the very writer that it makes scripts with; its packages have no public door.
    from pip._vendor.distlib import scripts

    writer: Any = scripts.ScriptMaker
    maker = writer(None, str(Path(sys.executable).parent))
    maker.clobber, maker.set_mode, maker.variants = True, True, {""}
    for distribution in distributions():
        for entry in distribution.entry_points.select(group="console_scripts"):
            maker.make(f"{entry.name} = {entry.value}")


if __name__ == "__main__":
    main()
