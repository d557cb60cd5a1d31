"""Which services are up?

The editors want one page that says how each service is doing. They name the services in the
address: `/dashboard/status/?service=mail&service=payments`. Write `status_page`, so that it

- asks every named service (`/NAME/` under `settings.UPSTREAM_URL`), all **at the same time**, be
  they two or nine;
- answers `{"services": [["mail", 200], ["payments", 503]]}`: each name with its HTTP status, in
  **the order of the address**;
- takes a bad status for what it is: news, and no error of this page.

`request.GET.getlist("service")` gives you the names. `fetch` raises when a status is bad, so it
can't help you here.
"""

from workbook_site.checking import Site, equal, that

FILE = "dashboard/views.py"
POINTS = 3
HINTS = [
    (
        "Begin with a small async function for one service: it takes a name, and returns name"
        " and status."
    ),
    (
        "A list of coroutines goes into `gather` with a star: `gather(*[one(name) for name in"
        " names])`."
    ),
    "`gather` returns its results in the order of its arguments, so the order comes by itself.",
]
GIVEN = {"dashboard/urls.py": 'urlpatterns += [path("status/", views.status_page)]\n'}


async def it_shows_each_status(site: Site) -> None:
    """Each service is shown with its status, a bad one too."""
    up, down = site.word(), site.word()
    good, bad = site.random.choice([200, 201, 202]), site.random.choice([404, 500, 503])
    site.upstream.reply(up, {}, status=good)
    site.upstream.fail(down, bad)
    answer = await _ask(site, [down, up])
    answer.status(200).json({"services": [[down, bad], [up, good]]})


async def it_keeps_the_order(site: Site) -> None:
    """The services stand in the order of the address."""
    names = _names(site)
    for later, name in enumerate(reversed(names)):  # who is named first answers last
        site.upstream.set(name, latency=0.1 * later)
    shown = (await _ask(site, names)).status(200).json()
    that(isinstance(shown, dict) and isinstance(shown.get("services"), list), NO_LIST, actual=shown)
    equal(
        [service[0] for service in shown["services"]],
        names,
        "The services stand in another order.",
        nudge="`gather` returns its results in the order of its arguments, whoever finishes first.",
    )


async def all_are_asked_at_the_same_time(site: Site) -> None:
    """All services are asked at the same time, each of them once."""
    names = _names(site)
    site.upstream.hold(len(names))
    (await _ask(site, names)).status(200)
    asked = [call.service for call in site.upstream.calls]
    equal(sorted(asked), sorted(names), "Each service should be asked once.")
    equal(
        site.upstream.most_in_flight,
        len(names),
        "Not all calls were in flight at the same time.",
        nudge="An `await` inside a loop waits in each round. Start all of them, then wait once.",
    )


NO_LIST = "There should be a list under the key `services`."


def _names(site):
    return [site.word() for _ in range(site.random.randint(4, 9))]


async def _ask(site, names):
    return await site.get("/dashboard/status/", params=[("service", name) for name in names])
