"""The door: refuses a Python that is too old, and hands every other one on.

Parses on Python 2.7 and later; the standard library is all that it needs. How the environment is
made is told in `environment/`, the exit codes in `exits.py`.
"""

import os
import subprocess
import sys

# The oldest Python that can go on, as `sys.version_info` begins.
OLDEST = (3, 11)
# Looked for on PATH, best first, to say which command would work.
GOOD = ("python3.13", "python3.12", "python3.11", "python3.14")
# The one exit code that `exits.py` can't give here: that module is written for newer Pythons.
TOO_OLD = 10

REFUSED = """\
The workbook needs Python {0}.{1} or newer. This is Python {2}.{3}.{4}:
    {5}
{6}
"""
ANOTHER = """\
A newer one is on this machine. Type:
    {0} -m workbook_site {1}"""
NONE = """\
Install Python 3.13 (https://www.python.org/downloads/, or your system's packages), then type:
    python3.13 -m workbook_site {1}"""


def main(argv):
    # type: (list[str]) -> int
    """Run one command line, without the program's name; the answer is the exit code."""
    if tuple(sys.version_info[:2]) < OLDEST:
        sys.stderr.write(refusal(argv))
        return TOO_OLD
    from workbook_site import command_line

    return command_line.main(argv)


def refusal(argv):
    # type: (list[str]) -> str
    """What a Python that is too old is told, with the command that would have worked."""
    newer = [name for name in GOOD if works(name)]
    advice = (ANOTHER if newer else NONE).format(newer[0] if newer else "", " ".join(argv))
    found = tuple(sys.version_info[:3])
    return REFUSED.format(*(OLDEST + found + (sys.executable, advice.rstrip())))


def works(name):
    # type: (str) -> bool
    """Whether that command starts a Python: being on PATH is not enough, it may be a mere shim."""
    try:
        with open(os.devnull, "r+") as nothing:
            line = [name, "-c", ""]
            return subprocess.call(line, stdin=nothing, stdout=nothing, stderr=nothing) == 0
    except OSError:
        return False
