"""How an environment comes by pip, and how pip brings a batch, with a line for all that it does."""

import importlib.util
import os
import re
import subprocess
import sysconfig
import zipfile
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from workbook_site.environment.pins import Pin

OPTIONS = [
    "--no-deps",  # The pins name every package; pip need not think.
    "--no-input",
    "--no-color",
    "--disable-pip-version-check",
    "--no-warn-script-location",
    "--progress-bar=off",
]
# A learner's pip settings hold (an index of their own, a proxy), but for those that would put the
# packages elsewhere.
ELSEWHERE = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"}
TAIL = 12
RETRY = "WARNING: Retrying"


def bundled() -> Path | None:
    """The wheel of pip that this Python brings along for new environments; None without one."""
    module = importlib.util.find_spec("ensurepip")
    # Debian and Fedora keep it elsewhere, and say so there.
    folders = [sysconfig.get_config_var("WHEEL_PKG_DIR")]
    if module and module.origin:
        folders.append(Path(module.origin).with_name("_bundled"))
    found = [path for folder in folders if folder for path in Path(folder).glob("pip-*.whl")]
    return found[0] if found else None


def unpack(wheel: Path, packages: Path) -> None:
    """Put pip into an environment's folder of packages. Raises `OSError`.

    A wheel of plain modules is a zip of what goes there. `ensurepip` comes to the same, but
    compiles all of pip once to run it and once more to install it: most of a new environment.
    """
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)


class Failed(Exception):
    """pip ended with an error; the message is the end of what it said."""


def install(
    python: Path, batch: Sequence[Pin], log: Path, show: Callable[[str], None], lock: int
) -> None:
    """Install `batch` for `python`; all that pip says is appended to `log`. Raises `Failed`."""
    line = [str(python), "-I", "-X", "utf8", "-m", "pip", "install", *OPTIONS, *map(str, batch)]
    tail: deque[str] = deque(maxlen=TAIL)
    with log.open("a", encoding="utf-8") as written, _start(line, lock) as pip:
        assert pip.stdout is not None
        for said in pip.stdout:
            written.write(said)
            _keep(tail, said.rstrip())
            show(gist(said))
    if pip.returncode:
        raise Failed("\n".join(tail))


def _keep(tail: deque[str], said: str) -> None:
    # pip tries five times and says so each time; once tells the cause, five times hide the rest.
    if tail and said.startswith(RETRY) and tail[-1].startswith(RETRY):
        tail.pop()
    if said:
        tail.append(said)


def _start(line: list[str], lock: int) -> "subprocess.Popen[str]":
    surroundings = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    return subprocess.Popen(
        line,
        env=surroundings | {"PIP_USER": "0"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        # See lock.held: it is kept by the last of us. Windows hands no such numbers on.
        pass_fds=(lock,) if os.name == "posix" else (),
    )


def gist(said: str) -> str:
    """pip's line in fewer words; nothing for lines that tell a learner nothing.

    "Collecting django==5.2 (from -r x)"         -> "looking for django"
    "  Downloading django-5.2.whl (8.3 MB)"      -> "fetching django-5.2.whl (8.3 MB)"
    "Installing collected packages: a, b"        -> "unpacking a, b"
    """
    for pattern, words in GISTS.items():
        if match := re.match(pattern, said.strip()):
            return words.format(match[1])
    return ""


GISTS = {
    r"Collecting ([\w.-]+?)==": "looking for {0}",
    r"(?:Downloading|Using cached) (?:\S+/)?(\S+(?: \([^)]+\))?)": "fetching {0}",
    r"WARNING: Retrying.*: /(?:simple/)?([\w.-]+)": "no answer yet, asking again for {0}",
    r"Building wheel for (\S+)": "building {0}",
    r"Installing collected packages: (.+)": "unpacking {0}",
}
