"""Open the live site in this kernel, or take up the one that is open."""

import asyncio
import atexit
import contextlib
import functools
import itertools
import os
import sys
from pathlib import Path
from typing import Any

import IPython
from django.db import DatabaseError

from workbook_site import places
from workbook_site.live import (
    interrupts,
    magics,
    migrations,
    overview,
    session,
    tracebacks,
    trouble,
)
from workbook_site.live.judging import Judging
from workbook_site.live.migrations import Migrated
from workbook_site.live.modelwatch import ModelWatch
from workbook_site.live.names import Names
from workbook_site.live.running import Running
from workbook_site.live.saying import Told
from workbook_site.live.session import Session
from workbook_site.live.site import Site
from workbook_site.live.upstream import Outside
from workbook_site.reload import ProjectError, modules
from workbook_site.workspace import sites

BROKEN = """\
Your project can't be loaded yet. Mend this in its cell, or in the editor; the site follows.
{text}"""

NO_DATABASE = """\
The site runs, and its database could not be brought up to date: {why}
{todo}"""
DATABASE_SAYS = {
    "locked": "Another program holds it. Close that one (a terminal, a database browser), then ",
    "not a database": "Rename db.sqlite3, so that a new one can be made, without rows; then ",
    "malformed": "Rename db.sqlite3, so that a new one can be made, without rows; then ",
    "unable to open": "Give yourself the right to it (chmod u+rw db.sqlite3), then ",
    "readonly": "Give yourself the right to write to it (chmod u+w db.sqlite3), then ",
    "full": "Make room on the disk, then ",
}
LOOK = "Mend that, then "
RUN_AGAIN = "run this cell again."

MIGRATED = "Made and applied for the models that were put in place: {files}"

# A socket is an open file, on both of its ends; macOS allows 256 of them unless asked.
FILES = 4096


async def open_site(chapter: str, upstream: Outside, *, fresh: bool) -> Site:
    """The kernel's one site, for this chapter. `fresh`: the workbook itself just changed files."""
    booted = session.begun()
    if booted is not None and booted.running.folder == places.newsroom():
        booted.site.chapter = chapter
        if not _take_over(booted, upstream):
            booted.running.follow_from_cell()
    else:
        booted = _begin(chapter, upstream)
    await _prepare(booted, fresh)
    _teach()
    booted.judging.warm(chapter)
    return booted.site


def _take_over(booted: Session, upstream: Outside) -> bool:
    """Keep the outside services of the first boot; when they have ended, go on with new ones."""
    if booted.site.upstream.running:
        upstream.stop()
        return False
    os.environ["UPSTREAM_URL"] = upstream.url
    booted.site.upstream = upstream
    with contextlib.suppress(ProjectError):  # it is told below
        booted.running.reload()
    return True


def _begin(chapter: str, upstream: Outside) -> Session:
    os.environ["UPSTREAM_URL"] = upstream.url
    _allow_many_files()
    _let_matplotlib_write()
    running = Running(places.newsroom())
    running.start()
    models = ModelWatch(running.folder)
    site = Site(running, upstream, models, chapter)
    names = Names(_namespace())
    running.after_load.append(lambda: names.refresh(modules.of(running.folder)))
    booted = Session(places.workspace(), site, running, models, _judging(), names)
    session.begin(booted)
    _announce(site)
    return booted


def _announce(site: Site) -> None:
    """Let the page beside the notebook find it. A full disk costs that page, not the boot."""
    loads = itertools.count()

    def tell() -> None:
        front = overview.front(site.running.folder)
        told = sites.Announced(site.running.server.port, site.door.token, next(loads), front)
        with contextlib.suppress(OSError):
            sites.announce(places.workspace(), told)

    def withdraw() -> None:
        with contextlib.suppress(OSError):
            sites.withdraw(places.workspace(), site.running.server.port)

    tell()
    site.running.after_load.append(tell)
    site.at_end.append(withdraw)
    atexit.register(withdraw)


def _allow_many_files() -> None:
    """Raise this process's own limit where the system lets it; its children inherit it."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


def _let_matplotlib_write() -> None:
    """It keeps its fonts in the home folder, and complains at length where it may not."""
    home = Path(os.environ.get("HOME") or "~")
    folder = home / ".config" if (home / ".config").is_dir() else home
    if not os.access(folder, os.W_OK):
        os.environ.setdefault("MPLCONFIGDIR", str(places.state() / "cache" / "matplotlib"))


@functools.cache
def _judging() -> Judging:
    """One for the kernel, however often the site is stopped and booted."""
    return Judging(places.state() / "cache")


def _namespace() -> dict[str, Any]:
    """The notebook's, or one that nobody sees where there is no notebook."""
    shell: Any = IPython.get_ipython()
    return shell.user_ns if shell is not None else {}


async def _prepare(booted: Session, fresh: bool) -> None:
    """Bring the database up to what is on disk; say what stands in the way."""
    running = booted.running
    if running.error is not None:
        print(BROKEN.format(text=running.error.text))
        return
    try:
        done = await asyncio.to_thread(_migrated, booted, fresh)
    except Told as told:
        print(told)
    except Exception as error:
        if trouble.is_ours(error, running.folder):  # whoever boots tells of it
            raise
        print(_no_database(error, running.folder))
    else:
        if done.made:
            print(MIGRATED.format(files=", ".join(done.made)))


def _no_database(error: Exception, folder: Path) -> str:
    """What stands in the way of the database, or in a migration of the learner's."""
    why = str(error) if isinstance(error, DatabaseError) else ProjectError(error, folder).text
    known = (todo for said, todo in DATABASE_SAYS.items() if said in why)
    return NO_DATABASE.format(why=why.rstrip(), todo=next(known, LOOK) + RUN_AGAIN)


def _migrated(booted: Session, fresh: bool) -> Migrated:
    """Make migrations for models that the workbook laid; those of the learner are asked for."""
    with booted.running.kept():
        make = fresh or migrations.unmade(booted.running.folder)
        if not make and migrations.all_applied():
            return Migrated()
        return booted.site.bring_up(make=make)


def _teach() -> None:
    """Make the magics known, where there is a notebook, and its errors short."""
    shell: Any = IPython.get_ipython()
    if shell is not None:
        magics.load_ipython_extension(shell)
        interrupts.heard_by(asyncio.get_running_loop())
        tracebacks.shorten(shell)
