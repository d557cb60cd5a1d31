"""Read the archive, and be kind to it

`/dashboard/archive/?first=312&count=20` shows twenty pages of the archive, from page 312 on. Page
312 is at `/archive/312/` under `settings.UPSTREAM_URL`. Write `archive`, so that it

- answers `{"pages": [{...}, {...}]}`: what the archive said for each page, in order;
- has up to **five** calls in flight, so that it is quick;
- **never has more than five**, however many visitors read the archive at the same moment;
- lets the next visitor use the connections that are open already.
"""

from workbook_site.checking import Site, equal, that

FILE = "dashboard/views.py"
POINTS = 4
HINTS = [
    "Give each page a small async function: take a token, fetch, give the token back.",
    (
        "Two visitors with five tokens each are ten calls in flight. Where must the bowl "
        "stand, so that both take from the same?"
    ),
    (
        "`fetch` goes through the client of this process already, and its connections stay "
        "open. A semaphore at the top of the module is shared by all visitors."
    ),
]
GIVEN = {"dashboard/urls.py": 'urlpatterns += [path("archive/", views.archive)]\n'}
AT_ONCE = 5


async def it_shows_the_pages_in_order(site: Site) -> None:
    """The page shows what the archive said, in order."""
    first, count = site.number(), site.random.randint(6, 12)
    shown = (await _read(site, first, count)).status(200).json()
    that(isinstance(shown, dict) and isinstance(shown.get("pages"), list), NO_LIST, actual=shown)
    equal(
        [page.get("path") if isinstance(page, dict) else page for page in shown["pages"]],
        [f"/archive/{number}/" for number in range(first, first + count)],
        "These are not the pages that were asked for, in their order.",
        nudge="`gather` returns its results in the order of its arguments.",
    )


async def it_uses_all_five(site: Site) -> None:
    """Five calls are in flight at the same time."""
    site.upstream.hold(AT_ONCE)
    (await _read(site, site.number(), 20)).status(200)
    that(
        site.upstream.most_in_flight >= AT_ONCE,
        "The archive allows five calls at once, and the page uses fewer.",
        expected=AT_ONCE,
        actual=site.upstream.most_in_flight,
        nudge="Start all pages with `gather`, and let a semaphore hold them back.",
    )


async def it_never_has_more_than_five(site: Site) -> None:
    """One visitor never has more than five calls in flight."""
    site.upstream.hold(20)  # were more than five allowed, they would meet here
    (await _read(site, site.number(), 20)).status(200)
    _at_most_five(site, "The archive was asked for too many pages at once.")


async def all_visitors_share_the_five(site: Site) -> None:
    """Three visitors together never have more than five calls in flight."""
    site.upstream.hold(20)
    for answer in await site.together(*[_read(site, site.number(), 8) for _ in range(3)]):
        answer.status(200)
    _at_most_five(
        site,
        "Each visitor alone keeps to five, but together they don't.",
        nudge="A semaphore made inside the view is a new one for each visitor.",
    )


async def connections_are_used_again(site: Site) -> None:
    """The next visitors use the connections that are open already."""
    site.upstream.hold(10)  # how many are opened must not hang on how busy the machine is
    for _ in range(4):
        (await _read(site, site.number(), 10)).status(200)
    that(
        site.upstream.connections <= AT_ONCE,
        "Forty calls, at most five at a time, need no more than five connections.",
        expected=f"{AT_ONCE} connections or fewer",
        actual=site.upstream.connections,
        nudge=(
            "A new client opens new connections. Use one client for the whole process: "
            "`client()`, or `fetch`, which uses it."
        ),
    )


NO_LIST = "There should be a list under the key `pages`."


def _at_most_five(
    site, message, nudge="A semaphore lets a fixed number pass and holds up the rest."
):
    most = site.upstream.most_in_flight
    that(most <= AT_ONCE, message, expected=f"at most {AT_ONCE}", actual=most, nudge=nudge)


async def _read(site, first, count):
    return await site.get("/dashboard/archive/", params={"first": first, "count": count})
