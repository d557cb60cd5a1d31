"""`site = await boot("async_views")`: the learner's project, put in place and running.

Light by itself: the outside services start as a process of their own while Django is imported.
"""

import asyncio
import functools
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

from workbook_site import collector, places
from workbook_site.live import trouble
from workbook_site.live.lock import locked
from workbook_site.live.saying import Told, named, saying
from workbook_site.live.steps import Steps
from workbook_site.live.upstream import Outside
from workbook_site.project import Chapter, Given, Laid, UnknownChapter, find, history, lay
from workbook_site.safe_path import without_the_folder_we_stand_in
from workbook_site.services.process import NotStarted

if TYPE_CHECKING:
    from workbook_site.live.site import Site

# Said while it is done.
OUTSIDE = "1 of 3: starting the slow outside services …"
LAYING = "2 of 3: putting your project in place …"
LOADING = "3 of 3: loading Django and your project, preparing the database …"
READY = "The site runs at {url}"

NEW = "Put in place in {folder}: {files}."
UPGRADED = "Brought up to date, your own lines untouched: {files}."
KEPT = "Yours, kept as it is: {files}."

# What the chapters gave, in this release and in older ones.
GIVEN = "given.json"

NOT_AWAITED = 'The site comes to whoever awaits it. Write: site = await boot("{name}")'
INTERRUPTED = """\
You interrupted the start of your site. Nothing of yours was touched; run this cell again."""


class NotAwaited(Told, AttributeError):
    """A site was asked for something before it was awaited."""


class Booting:
    """What `boot(...)` gives: a `Site`, for whoever awaits it. Nothing happens before."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __await__(self) -> Generator[Any, Any, "Site"]:
        return _boot(self._name).__await__()

    def __getattr__(self, attribute: str) -> NoReturn:
        raise NotAwaited(NOT_AWAITED.format(name=self._name))

    def __repr__(self) -> str:
        return NOT_AWAITED.format(name=self._name)


def boot(name: str | int) -> Booting:
    """The learner's project, running, once this is awaited: `site = await boot("async_views")`.

    `name` may be the chapter's number too. See `_boot` for what happens then.
    """
    return Booting(str(name))


async def _boot(name: str) -> "Site":
    """Lay the project as it stands before this chapter, run it, and give the `Site`.

    Nothing that the learner wrote is overwritten. Run again in the same notebook, it keeps the
    site and its address and loads what is on disk. A project that can't be loaded is served as a
    page that says why, until it can be. Raises `Told` for an unknown chapter, and for what stands
    in the way on the disk.
    """
    try:
        chapter = find(name)
    except UnknownChapter as unknown:
        raise Told(str(unknown)) from None
    try:
        with trouble.told(), Steps() as steps:
            site, laid = await _opened(chapter, steps)
            steps.now(READY.format(url=site.url))
    except NotStarted as why:
        raise Told(str(why)) from None
    except (asyncio.CancelledError, KeyboardInterrupt) as interrupted:
        saying(interrupted, INTERRUPTED)
        raise
    for line in _told(laid):
        print(line)
    return site


async def _opened(chapter: Chapter, steps: Steps) -> "tuple[Site, Laid]":
    steps.now(OUTSIDE)
    starting = Outside.start(wait=False)
    try:
        steps.now(LAYING)
        laid = _lay(chapter)
        steps.now(LOADING)
        opening = _machinery()
        return await opening.open_site(chapter.name, starting, fresh=bool(laid)), laid
    except BaseException:
        starting.stop()
        raise


@functools.cache
def _machinery() -> Any:
    """Django, and what opens a site. Loaded once: what comes later are projects, which go again."""
    with without_the_folder_we_stand_in(), collector.loading():
        from workbook_site.live import opening

    return opening


def _lay(chapter: Chapter) -> Laid:
    with locked(places.state() / "files.lock"):
        given = Given.read(places.state() / GIVEN)
        laid = lay(history(chapter), places.newsroom(), given.knows)
        given.remember_this_release()
        return laid


def _told(laid: Laid) -> Iterator[str]:
    if laid.new:
        yield NEW.format(folder=places.newsroom(), files=named(laid.new))
    if laid.upgraded:
        yield UPGRADED.format(files=named(laid.upgraded))
    if laid and laid.kept:
        yield KEPT.format(files=named(laid.kept))
