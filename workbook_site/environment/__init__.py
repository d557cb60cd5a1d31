"""The Python environment that the workbook runs in: recognised, or made. Standard library only.

    facts.py     what an interpreter says about itself
    pins.py      the requirement files: what must be there, at which version
    found.py     what is there: the packages in a list of folders
    venv.py      one virtual environment: whole, half-made or foreign; its stamp
    pip.py       one batch of packages, installed with visible progress
    dress.py     what lets its notebooks find the workbook and its magics
    prepare.py   the steps that make an environment whole, each taken only when needed

`WORKBOOK_VENV` names another folder than `.venv` in the checkout.
"""

import os
import sys
from pathlib import Path

from workbook_site import places
from workbook_site.environment import found, pins, prepare
from workbook_site.environment.facts import facts
from workbook_site.environment.venv import Venv

BASE = ("requirements.txt",)
# `test` asks for more than a learner needs; it is installed when first asked for.
MORE = {"test": ("requirements.txt", "requirements-test.txt")}

OTHER_PYTHON = """\
Going on in {venv}, which has Python {there}, not {here}.
Delete that folder to have it made anew with {here}.
"""


def files(command: str) -> list[Path]:
    """The requirement files that a command needs, existing ones all."""
    return [places.CHECKOUT / "requirements" / name for name in MORE.get(command, BASE)]


def venv() -> Venv:
    """The environment of this checkout, whether it exists or not."""
    named = os.environ.get("WORKBOOK_VENV")
    folder = Path(named).expanduser().absolute() if named else places.CHECKOUT / ".venv"
    return Venv(folder, places.CHECKOUT, chosen=bool(named))


def ready_for(command: str) -> Path:
    """The interpreter to run `command` with, after making its environment whole.

    That is this very interpreter when it has every pinned package already: in conda, in a CI
    image, in the `.venv` itself. Raises `Stop` when the environment can't be made.
    """
    needed, own = files(command), venv()
    if own.is_running():
        if not own.is_whole(needed):
            prepare.prepare(own, needed)
        return Path(sys.executable)
    if not pins.missing(needed, facts(), found.distributions(sys.path)):
        return Path(sys.executable)
    if not own.is_whole(needed):
        prepare.prepare(own, needed)
    _tell_version(own)
    return own.python


def _tell_version(own: Venv) -> None:
    here = ".".join(map(str, sys.version_info[:2]))
    there = own.version()
    if there != here:
        sys.stderr.write(OTHER_PYTHON.format(venv=own.path, there=there, here=here))


def variables(python: Path) -> dict[str, str]:
    """What the environment's processes find in theirs: our checkout, and its programs first."""
    paths = [str(places.CHECKOUT), os.environ.get("PYTHONPATH", "")]
    programs = [str(python.parent), os.environ.get("PATH", "")]
    return {
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(filter(None, paths))),
        "PATH": os.pathsep.join(dict.fromkeys(filter(None, programs))),
    }
