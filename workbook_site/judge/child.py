"""The judged process, from its first breath: bound to its owner, limited, loaded, serving.

The host forks into `live`; where there is no fork, a fresh interpreter runs this module with the
job as JSON and the inherited descriptors as its arguments. Either way nothing returns from here.
"""

import asyncio
import faulthandler
import gc
import json
import logging
import os
import shutil
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any, TextIO

import uvicorn

from workbook_site import places, reload
from workbook_site.judge import family, mishap, queries
from workbook_site.judge.agent import Agent
from workbook_site.judge.clock import Clock, Loop
from workbook_site.judge.door import Door
from workbook_site.judge.job import BROKE_DOWN, BROKEN, OURS, Ends, Job
from workbook_site.judge.overrides import DATABASE, MIGRATED, overrides
from workbook_site.judge.watch import Watch

# Longer than any check lets pass: an idle connection is the judge's own to close.
KEEP_ALIVE = 10**6
REFUSED = "the application said `lifespan.startup.failed`"


def live(job: Job, ends: Ends) -> None:
    """Be the judged process. Never returns."""
    code = OURS
    # A fresh copy of a project is compiled for one answer: no use in keeping that.
    sys.dont_write_bytecode = True
    try:
        os.setsid()
        _redirect(ends.output)
        clock = Clock()
        Watch(socket.socket(fileno=ends.watch), Path(job.site), clock).start()
        family.adopt_orphans()
        job.limits.apply()
        code = _load_and_serve(job, ends, clock)
    except BaseException:
        traceback.print_exc()
        code = OURS if reload.loaded() in (None, places.starter()) else BROKE_DOWN
    finally:
        # No finalizers: whatever the judged code left behind must not run now.
        os._exit(code)


def _load_and_serve(job: Job, ends: Ends, clock: Clock) -> int:
    folder = Path(job.site)
    verbs = socket.socket(fileno=ends.verbs)
    clock.rule()
    os.environ["UPSTREAM_URL"] = job.upstream
    os.chdir(folder)
    try:
        application = _load(job, folder)
    except reload.ProjectError as error:
        _tell(verbs, {"reached": "loaded", "broken": mishap.describe(error.cause, folder)})
        return BROKEN
    _tell(verbs, {"reached": "loaded"})
    if not job.serve:
        return 0
    door = Door(application)
    loop = clock.new_loop()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(_serve(loop, clock, door, folder, verbs, ends.http))
    return 0


def _load(job: Job, folder: Path) -> reload.ASGIApplication:
    state = Path(job.state)
    _quiet_logs()
    check = True if job.checks is None else job.checks
    application = reload.load(folder, overrides=lambda told: overrides(told, state), check=check)
    if job.migrate:
        from workbook_site.judge.database import bring_up

        try:
            bring_up(folder)
            shutil.copyfile(state / DATABASE, state / MIGRATED)
        except Exception as error:  # models and migrations are the project's own code
            raise reload.ProjectError(error, folder) from error
    return application


def _tell(verbs: socket.socket, told: dict[str, Any]) -> None:
    verbs.setblocking(True)
    verbs.sendall(json.dumps(told).encode() + b"\n")


# --- Serving ---


class _Server(uvicorn.Server):
    """uvicorn without its clockwork: nothing in the process moves unless the project moves it."""

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await asyncio.get_running_loop().create_future()


async def _serve(
    loop: Loop, clock: Clock, door: Door, folder: Path, verbs: socket.socket, http: int
) -> None:
    agent = Agent(folder, clock, door)
    loop.set_exception_handler(agent.keep_lost)
    _teach(agent)
    queries.listen()
    await loop.create_unix_connection(lambda: agent, sock=verbs)
    server = _Server(_config(door))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    try:
        await server.startup(sockets=[socket.socket(fileno=http)])
    except SystemExit:  # how uvicorn says that the application refused to start
        refusal = {"type": "Lifespan", "message": REFUSED, "frames": [], "text": REFUSED}
        agent.say({"reached": "ready", "broken": refusal})
    else:
        agent.say({"reached": "ready"})
    await server.main_loop()


def _config(door: Door) -> uvicorn.Config:
    return uvicorn.Config(
        door,
        lifespan="auto",
        log_config=None,
        access_log=False,
        ws_ping_interval=None,
        timeout_keep_alive=KEEP_ALIVE,
        proxy_headers=False,
    )


def _teach(agent: Agent) -> None:
    from workbook_site.judge import queue, verbs

    agent.learn(
        {
            "call": verbs.call,
            "add": verbs.add,
            "change": verbs.change,
            "login": verbs.login,
            "run_tasks": queue.run_tasks,
        }
    )


def _quiet_logs() -> None:
    """What a server would log about requests and errors stands in the verdict already."""
    for name in ("django", "uvicorn", "uvicorn.error", "huey"):
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]  # in place of those of the host's starter project
        logger.propagate = False


# --- Ties ---


def _redirect(output: int) -> None:
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdout, sys.stderr = _lines(1), _lines(2)
    vars(sys).update(__stdout__=sys.stdout, __stderr__=sys.stderr)
    faulthandler.enable()


def _lines(descriptor: int) -> TextIO:
    """Text that is written out line by line: what was printed last must not be lost."""
    return open(
        descriptor, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )


# --- A fresh interpreter ---


def after_fork() -> None:
    """Things of the host that its child goes without."""
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(one, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    gc.enable()


def main(arguments: list[str]) -> None:
    """`python -m workbook_site.judge.child JOB HTTP VERBS WATCH OUTPUT`."""
    from workbook_site.judge.warm import suit, warm

    job = Job.from_json(arguments[0])
    warm()
    suit(job.libraries)
    live(job, Ends(*map(int, arguments[1:])))


if __name__ == "__main__":
    main(sys.argv[1:])
