"""One must-have, two nice-to-haves

The page `/dashboard/morning/` asks **payments**, **weather** and **subscribers**, all at the same
time. Without payments the page is worth nothing. The other two are nice to have. Write `morning`,
so that it answers

- when all is well: `{"payments": {...}, "weather": {...}, "subscribers": {...}, "missing": []}`,
  with what each service said;
- when a nice-to-have fails, in whatever way (a bad status, a lost connection): `null` in its
  place, and its name in `missing`;
- when payments fails: status **502** with `{"error": "payments"}`, **at once**. It doesn't wait
  for the others any more, and leaves no call running behind.
"""

from workbook_site.checking import Site, equal, that

FILE = "dashboard/views.py"
POINTS = 4
HINTS = [
    (
        "Which of the two manners fits payments: “end it all”, or “show what you have”? And "
        "which the other two?"
    ),
    (
        "A `TaskGroup` cancels the others when one of its tasks raises. Only the task for "
        "payments should be able to raise."
    ),
    (
        "Python allows no `return` inside `except*`. Set a variable there and return below "
        "it, or catch `ExceptionGroup` with a plain `except`."
    ),
]
GIVEN = {"dashboard/urls.py": 'urlpatterns += [path("morning/", views.morning)]\n'}

NICE = ["weather", "subscribers"]


async def it_shows_all_three(site: Site) -> None:
    """When all is well, the page shows what all three said."""
    said = {name: {"figure": site.number()} for name in ["payments", *NICE]}
    for name, figures in said.items():
        site.upstream.reply(name, figures)
    (await site.get(URL)).status(200).json({**said, "missing": []})


async def they_are_asked_at_the_same_time(site: Site) -> None:
    """The three are asked at the same time."""
    site.upstream.hold(3)
    (await site.get(URL)).status(200)
    equal(
        site.upstream.most_in_flight,
        3,
        "Not all three calls were in flight at the same time.",
        nudge="Start all three before you wait for any of them.",
    )


async def a_bad_status_costs_only_its_place(site: Site) -> None:
    """A nice-to-have with a bad status is `null`, and named as missing."""
    await _one_is_missing(site, site.random.choice([404, 500, 503]))


async def a_lost_connection_costs_only_its_place(site: Site) -> None:
    """A nice-to-have that hangs up is `null`, and named as missing."""
    await _one_is_missing(site, "disconnect")


async def without_payments_it_ends_at_once(site: Site) -> None:
    """When payments fails, the page answers 502 and doesn't wait for the others."""
    site.upstream.fail("payments", site.random.choice([500, 503]))
    for name in NICE:
        site.upstream.hang(name)
    site.upstream.hold(3)  # so that all three are under way when payments fails
    answer = (await site.get(URL)).status(502)
    answer.json({"error": "payments"})
    _came_at_once(answer)


async def it_leaves_no_call_behind(site: Site) -> None:
    """When payments fails, the calls to the others are cancelled."""
    site.upstream.fail("payments", "disconnect")
    for name in NICE:
        site.upstream.hang(name)
    site.upstream.hold(3)
    _came_at_once((await site.get(URL)).status(502))
    await site.quiet()
    left = [
        call.service for call in site.upstream.calls if call.service in NICE and not call.cancelled
    ]
    equal(
        left,
        [],
        "The page had answered, and these calls still went on.",
        nudge="When `gather` raises, it leaves the others running. A `TaskGroup` cancels them.",
    )


URL = "/dashboard/morning/"


def _came_at_once(answer):
    that(
        answer.waited < 1,
        "Payments had failed, and the page went on waiting for the others.",
        expected="an answer at once",
        actual=f"an answer after {answer.waited:g} seconds",
        nudge=(
            "Where nobody raises, or with `return_exceptions=True`, `gather` waits for all of "
            "them. Who ends at the first failure?"
        ),
    )


async def _one_is_missing(site, how):
    said = {name: {"figure": site.number()} for name in ["payments", *NICE]}
    for name, figures in said.items():
        site.upstream.reply(name, figures)
    missing = site.random.choice(NICE)
    site.upstream.fail(missing, how)
    answer = await site.get(URL)
    that(
        answer.code != 502,
        f"Only {missing} had failed, and the page gave up.",
        expected=200,
        actual=502,
        nudge="Who may end the whole group? Let the nice-to-haves catch their own errors.",
    )
    answer.status(200).json({**said, missing: None, "missing": [missing]})
