"""One second for the whole page

`/dashboard/briefing/` works in two steps. First it asks **catalog**, which says
`{"services": ["weather", "sport", ...]}`. Then it asks all of these services at the same time. The
reader waits **one second for the whole page**, and not for each step. Write `briefing`, so that it
answers

- `{"answers": {"weather": {...}, "sport": null}, "late": ["sport"]}` one second after it began,
  at the latest: what arrived in time, `null` for what didn't, and the late ones by name, in the
  order of the catalog;
- at once, when everything has arrived;
- status **504** with `{"late": ["catalog"]}`, when the second is over and the catalog hasn't
  come.

Calls that are late are cancelled. You may take it that no service fails; today they are only
slow.
"""

from workbook_site.checking import Site, equal, that

FILE = "dashboard/views.py"
POINTS = 4
HINTS = [
    (
        "The second begins when the view begins. Work out the moment when it is over, and "
        "hand that moment to both steps."
    ),
    (
        "The clock for deadlines is `asyncio.get_running_loop().time()`, and "
        "`asyncio.timeout_at(deadline)` limits a block by it."
    ),
    (
        "One small function does for both steps: it takes a name, and returns what the "
        "service said, or None when the deadline came first."
    ),
]
GIVEN = {"dashboard/urls.py": 'urlpatterns += [path("briefing/", views.briefing)]\n'}


async def it_shows_what_the_catalog_lists(site: Site) -> None:
    """The page shows what each service of the catalog said, and doesn't wait without need."""
    said = _said(site)
    site.upstream.reply("catalog", {"services": list(said)})
    answer = (await site.get(URL)).status(200)
    answer.json({"answers": said, "late": []})
    _waited_at_most(
        answer,
        0.5,
        "Everything had arrived, and the page still waited.",
        nudge="Wait for the calls, with a limit; don't wait for the limit.",
    )


async def they_are_asked_at_the_same_time(site: Site) -> None:
    """The services of the catalog are asked at the same time."""
    said = _said(site)
    site.upstream.reply("catalog", {"services": list(said)})
    site.upstream.hold(len(said))
    (await site.get(URL)).status(200)
    equal(
        site.upstream.most_in_flight,
        len(said),
        "Not all of them were in flight at the same time.",
        nudge="An `await` inside a loop waits in each round. Start them all, then wait.",
    )


async def the_late_ones_are_null(site: Site) -> None:
    """After a second the page shows what arrived, and names what is late."""
    said = _said(site)
    site.upstream.reply("catalog", {"services": list(said)})
    late = [name for name in said if site.random.random() < 0.4] or [list(said)[-1]]
    for name in late:
        site.upstream.hang(name)
    answer = (await site.get(URL)).status(200)
    _nothing_is_lost(answer.json(), [name for name in said if name not in late])
    answer.json({"answers": {**said, **dict.fromkeys(late)}, "late": late})
    _waited_at_most(answer, 1.2, "The second was over, and the page still waited.")


async def one_second_is_for_both_steps(site: Site) -> None:
    """A slow catalog leaves less time for the rest: the second is for the whole page."""
    said = _said(site)
    late = site.random.choice(list(said))
    site.upstream.reply("catalog", {"services": list(said)})
    site.upstream.set("catalog", latency=0.7)
    site.upstream.hang(late)
    answer = (await site.get(URL)).status(200)
    answer.json({"answers": {**said, late: None}, "late": [late]})
    _waited_at_most(
        answer,
        1.2,
        "The catalog was slow, and the page then began to count anew.",
        nudge=(
            "A duration begins to run where it stands. A deadline is a moment: work it out "
            "once, at the top."
        ),
    )


async def a_late_catalog_is_504(site: Site) -> None:
    """When the catalog itself is late, the page says 504."""
    site.upstream.hang("catalog")
    answer = (await site.get(URL)).status(504)
    answer.json({"late": ["catalog"]})
    _waited_at_most(answer, 1.2, "The second was over, and the page still waited.")


async def late_calls_are_cancelled(site: Site) -> None:
    """Late calls are cancelled, and don't go on behind the page."""
    said = _said(site)
    late = next(iter(said))
    site.upstream.reply("catalog", {"services": list(said)})
    site.upstream.hang(late)
    (await site.get(URL)).status(200)
    await site.quiet()
    equal(
        [call.service for call in site.upstream.calls_of(late) if not call.cancelled],
        [],
        "The page had answered, and these calls still went on.",
        nudge=(
            "`asyncio.wait(..., timeout=...)` only stops waiting. `asyncio.timeout` also "
            "cancels what it interrupts."
        ),
    )


URL = "/dashboard/briefing/"


def _said(site):
    said = {site.word(): {"figure": site.number()} for _ in range(site.random.randint(3, 6))}
    for name, figures in said.items():
        site.upstream.reply(name, figures)
    return said


def _nothing_is_lost(shown, in_time):
    answers = shown.get("answers") if isinstance(shown, dict) else None
    lost = [name for name in in_time if not (isinstance(answers, dict) and answers.get(name))]
    equal(
        lost,
        [],
        "These had answered in time, and the page lost them.",
        nudge="A limit around the whole `gather` loses all. Let each call deal with its own end.",
    )


def _waited_at_most(answer, seconds, message, nudge=""):
    that(
        answer.waited < seconds,
        message,
        expected=f"an answer within {seconds:g} seconds",
        actual=f"an answer after {answer.waited:.3g} seconds",
        nudge=nudge,
    )
