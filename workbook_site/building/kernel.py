"""A Jupyter kernel of its own for one chapter, in a folder of its own, gone when the block ends.

    async with kernel() as owned:
        ...                          # owned.manager speaks to it, owned.folder is its workspace

The kernel is this Python, whatever kernels the machine's user has installed, and sees none of the
user's IPython start-up files. It is killed at once: a polite shutdown stalls for seconds now and
then. What it started must go with it; what doesn't is ended here and told in `owned.left`.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from workbook_site import places

# How long a process that the kernel started may live on, in seconds. A safety bound, no measure.
GRACE = 10.0
_GLANCE = 0.02

_LOG = "kernel.log"

# The longest name of a Unix socket that every system takes is 103 bytes, "-ipc-5" included.
_SOCKET_NAME = 96

# These would lead the kernel away from what a learner's kernel sees.
_FOREIGN = ("DJANGO_SETTINGS_MODULE", "MPLBACKEND", "PYTHONSTARTUP", "UPSTREAM_URL")


@dataclass
class Owned:
    """A running kernel, its workspace, and the processes that outlived it (known at the end)."""

    manager: Any
    folder: Path
    left: list[str] = field(default_factory=list)

    def last_words(self) -> str:
        """The end of what the process itself wrote, beside what its cells did."""
        log = self.folder.parent / _LOG
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-20:])


class _Manager(AsyncKernelManager):
    """Starts this very Python, not the kernel that happens to be called python3."""

    @property
    def kernel_spec(self) -> KernelSpec:
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name="Python 3", language="python")


@asynccontextmanager
async def kernel() -> AsyncIterator[Owned]:
    """Start a kernel in a fresh workspace; end it and all that it started, and clear up."""
    with _folder() as root:
        folder = root / "my_workbook"
        folder.mkdir()
        owned = Owned(_manager(root), folder)
        try:
            await _start(owned, root)
            yield owned
        finally:
            await _end(owned)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="workbook-", ignore_cleanup_errors=True) as name:
        yield Path(name).resolve()


async def _start(owned: Owned, root: Path) -> None:
    with (root / _LOG).open("wb") as log:
        await owned.manager.start_kernel(
            cwd=str(owned.folder),
            env=_environment(root, owned.folder),
            extra_arguments=["--HistoryManager.hist_file=:memory:"],
            stdout=log,
            stderr=log,
        )


def _manager(root: Path) -> Any:
    manager = _Manager(connection_file=str(root / "kernel.json"))
    # Files in a folder of our own can't be taken by another program; free ports can, between
    # being found and being used.
    if os.name == "posix" and len(os.fsencode(root / "kernel")) < _SOCKET_NAME:
        manager.transport = "ipc"
        manager.ip = str(root / "kernel")
    return manager


def _environment(root: Path, folder: Path) -> dict[str, str]:
    told = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    path = [str(places.CHECKOUT), *filter(None, [told.get("PYTHONPATH")])]
    return {
        **told,
        "IPYTHONDIR": str(root / "ipython"),
        "PYTHONPATH": os.pathsep.join(path),
        "WORKBOOK_WORKSPACE": str(folder),
    }


async def _end(owned: Owned) -> None:
    started = _started_by(owned.manager)
    if owned.manager.has_kernel:
        await owned.manager.shutdown_kernel(now=True)
    await owned.manager.cleanup_resources()
    owned.left = await asyncio.to_thread(_ended, started)


def _started_by(manager: Any) -> list[psutil.Process]:
    pid = getattr(manager.provisioner, "pid", None)
    try:
        return list(psutil.Process(pid).children(recursive=True)) if pid else []
    except psutil.NoSuchProcess:
        return []


def _ended(started: list[psutil.Process]) -> list[str]:
    """Wait for these to go; end those that stay, and say which they were."""
    told = {process.pid: _called(process) for process in started}
    left = _alive_after(started, GRACE)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    _alive_after(left, GRACE)
    return [told[process.pid] for process in left]


def _alive_after(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those that are still there when all are gone, or after so long at the latest."""
    end = time.monotonic() + seconds
    while (alive := [each for each in processes if _alive(each)]) and time.monotonic() < end:
        time.sleep(_GLANCE)
    return alive


def _alive(process: psutil.Process) -> bool:
    # In a container nobody may collect an orphan that has ended: then it stays as a zombie.
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _called(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()) or process.name()
    except psutil.Error:
        return f"process {process.pid}"
