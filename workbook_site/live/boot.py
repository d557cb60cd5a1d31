"""`site = await boot("async_views")`: the learner's project, put in place and running.

Light by itself: the outside services start as a process of their own while Django is imported.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbook_site import places
from workbook_site.live.lock import locked
from workbook_site.live.saying import Told
from workbook_site.live.steps import Steps
from workbook_site.live.upstream import Outside
from workbook_site.project import Chapter, Laid, UnknownChapter, find, history, lay

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

# More files than this are counted, not named.
NAMED = 8


async def boot(name: str) -> "Site":
    """Lay the project as it stands before this chapter, run it, and give the `Site`.

    Nothing that the learner wrote is overwritten. Run again in the same notebook, it keeps the
    site and its address and loads what is on disk. A project that can't be loaded is served as a
    page that says why, until it can be. Raises `Told` for an unknown chapter.
    """
    try:
        chapter = find(name)
    except UnknownChapter as unknown:
        raise Told(str(unknown)) from None
    with Steps() as steps:
        site, laid = await _opened(chapter, steps)
        steps.now(READY.format(url=site.url))
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
        from workbook_site.live import opening

        return await opening.open_site(chapter.name, starting, fresh=bool(laid)), laid
    except BaseException:
        starting.stop()
        raise


def _lay(chapter: Chapter) -> Laid:
    with locked(places.state() / "files.lock"):
        return lay(history(chapter), places.newsroom())


def _told(laid: Laid) -> Iterator[str]:
    if laid.new:
        yield NEW.format(folder=places.newsroom(), files=_named(laid.new))
    if laid.upgraded:
        yield UPGRADED.format(files=_named(laid.upgraded))
    if laid and laid.kept:
        yield KEPT.format(files=_named(laid.kept))


def _named(paths: list[str]) -> str:
    more = [f"and {len(paths) - NAMED} more"] if len(paths) > NAMED else []
    return ", ".join([*paths[:NAMED], *more])
