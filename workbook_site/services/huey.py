"""huey's consumer: the learner's own `manage.py run_huey`, as a process of its own."""

import signal
import sys
from pathlib import Path

from workbook_site.services import apart, process
from workbook_site.services.process import Child, NotStarted

RUN = (sys.executable, "manage.py", "run_huey")
# The last thing that a consumer says before its workers begin.
READY = "The following commands are available"

NUDGES = {
    "Unknown command": 'Does "huey.contrib.djhuey" stand in INSTALLED_APPS?',
    "huey.immediate = False": (
        "Tasks run at once, in whoever calls them, so that there is nothing to consume. "
        'With DEBUG = True that is so unless HUEY holds "immediate": False.'
    ),
}


def start(
    folder: Path,
    *,
    workers: int = 1,
    worker_type: str = "thread",
    periodic: bool = True,
    max_delay: float | None = None,
    shutdown_timeout: float | None = None,
    graceful_signal: str = "INT",
    name: str = "huey",
) -> Child:
    """Start the consumer of the project in `folder`; it is ready when its workers are.

    The options are those of `run_huey`. max_delay: seconds that an idle worker sleeps at most
    before it looks again. `stop()` lets running tasks end, for as long as the child's grace; then
    it is killed. Raises `NotStarted`, with what to do about the usual reasons.
    """
    options = {
        "--workers": workers,
        "--worker-type": worker_type,
        "--max-delay": max_delay,
        "--shutdown-timeout": shutdown_timeout,
        "--graceful-signal": graceful_signal,
    }
    given = [f"{name}={value}" for name, value in options.items() if value is not None]
    try:
        return process.start(
            [*RUN, *given, *([] if periodic else ["--no-periodic"])],
            name=name,
            ready=lambda child: READY in child.log() and _heeds_signals(child.pid),
            env=apart.environment(),
            cwd=folder,
            end_with=signal.SIGTERM if graceful_signal == "TERM" else signal.SIGINT,
        )
    except NotStarted as error:
        nudges = [nudge for said, nudge in NUDGES.items() if said in str(error)]
        raise NotStarted("\n".join([str(error), *nudges])) from None


def _heeds_signals(pid: int) -> bool:
    """Whether it has set its signal handlers, which it does last and says nothing about.

    A consumer that is stopped before would be torn from its work. Only Linux can tell.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
