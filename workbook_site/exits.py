"""How a command ends: the exit codes, in one table, and the exception that carries one.

    code  name         meaning
    0                  done, and nothing is wrong
    1     WRONG        the work was done and found something wrong: a cell fails, a print is stale
    2     USAGE        no such command, option, chapter or exercise; nothing was done
    10    TOO_OLD      this Python is too old (given by `bootstrap.py`)
    11    INSTALL      the environment could not be made; the next call goes on from there
    12    FOLDER       a folder can't be read or written; the sentence names it and the remedy
    13    PORT         the port that was asked for is taken
    14    SANDBOX      no sandbox can be had for strangers' code; the message says how to get one
    15    GRADING      grading can't go on: the workers die, solutions or the database are missing
    20    INTAKE       files of several kinds could not be graded; all others were
    21-35              one kind of file could not be graded; see `intake.Trouble`
    130   INTERRUPTED  Ctrl-C

`test` passes pytest's own exit code on: 1 when a test fails, 2 to 5 as pytest documents them.

In CI: `run` ends with 0 when each chapter is as it must be, with 1 when a cell is not; pages and
the JUnit report are written in both cases. `run --changed` ends with 0 when no chapter is
concerned, and with 2 when there is nothing to compare with. `build --check` ends with 1 when a
house rule is broken, `build --html` with 1 when a chapter fails or a link leads nowhere.
"""

WRONG = 1
USAGE = 2
TOO_OLD = 10
INSTALL = 11
FOLDER = 12
PORT = 13
SANDBOX = 14
GRADING = 15
INTAKE = 20
INTERRUPTED = 130


class Stop(Exception):
    """Ends the command with a message for the reader, no traceback, and an exit code."""

    def __init__(self, message: str, code: int = WRONG) -> None:
        super().__init__(message)
        self.code = code
