"""Environments of programs that a class is given its work with: made once, kept in the checkout.

They are not the workbook's own: nbgrader and nbgitpuller mostly live in other ones.

    python -m tests.environments.venvs      makes those that are missing, as `test` has it done
"""

import hashlib
import json
import os
import subprocess
import sys
import venv

from workbook_site import places
from workbook_site.hidden import ADDRESSES
from workbook_site.live.lock import locked

CACHE = places.CHECKOUT / ".cache"
HUB, BINDER = "requirements-hub.txt", "requirements-binder.txt"
MAKING = (
    "Preparing {folder} for the tests of other people's environments. Later calls start at once."
)


def made(requirements=HUB):
    """The `bin` folder of an environment that holds this file of pins, and nothing else.

    Several workers may ask at once: one makes it, and one that was left half-made is made anew.
    """
    pins = places.CHECKOUT / "requirements" / requirements
    folder = CACHE / pins.stem
    wanted = {
        "pins": hashlib.sha256(pins.read_bytes()).hexdigest(),
        "python": sys.version,
        "at": str(folder),
    }
    stamp = folder / "made.json"
    with locked(CACHE / f"{pins.stem}.lock"):
        if not stamp.is_file() or json.loads(stamp.read_text()) != wanted:
            print(MAKING.format(folder=folder), file=sys.stderr, flush=True)
            venv.EnvBuilder(clear=True, with_pip=True).create(folder)
            # What is never imported need not be compiled: most of it is not.
            install = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-compile",
                       "--disable-pip-version-check", "--requirement", pins]  # fmt: skip
            subprocess.run([*map(str, install)], check=True, env=_undisturbed())
            # It takes most of each start, and no notebook needs it: see `workbook_site.hidden`.
            leave = [*install[:3], "uninstall", "-qq", "--yes", ADDRESSES.replace("_", "-")]
            subprocess.run([*map(str, leave)], check=True, env=_undisturbed())
            stamp.write_text(json.dumps(wanted))
    return folder / "bin"


def surroundings(programs, home, **more):
    """Environment variables for a program of such an environment, with a home of its own."""
    return {
        **_undisturbed(),
        "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", "")]),
        "HOME": str(home),
        **{name: str(value) for name, value in more.items()},
    }


def _undisturbed():
    left_out = ("PYTHON", "JUPYTER", "IPYTHON", "VIRTUAL_ENV", "WORKBOOK_", "PYTEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}


if __name__ == "__main__":
    for each in (HUB, BINDER):
        made(each)
