"""Mend the page that freezes the newsroom

`/dashboard/receipt/7/` shows payment number 7, with a stamp from an old printer. Each time
somebody opens it, everybody else's pages stand still. The view below is complete and gives the
right answer. Mend it, so that

- the answer stays the same: `{"total": ..., "stamp": ...}`;
- two visitors' calls to payments can be in flight **at the same time**;
- nobody else waits while the printer works.

The printer's driver is somebody else's library. You may not change `dashboard/printer.py`, and it
has no async twin.
"""

from workbook_site.checking import Site, equal, that

FILE = "dashboard/views.py"
POINTS = 3
HINTS = [
    "Two lines of this view wait without saying `await`. Which two?",
    "`httpx.get` has an async twin: the `get` of an `httpx.AsyncClient`.",
    (
        "A blocking function without a twin goes into a thread: `await "
        "asyncio.to_thread(function, argument)`."
    ),
]
PRINTER = '''\
"""The driver of the old stamp printer. It blocks while the printer works."""

import time


def print_stamp(number):
    """Print a stamp for payment `number`, and return its text."""
    time.sleep(0.8)
    return f"PAID-{number:05d}-{number * 7919 % 97:02d}"
'''
GIVEN = {
    "dashboard/printer.py": PRINTER,
    "dashboard/urls.py": 'urlpatterns += [path("receipt/<int:number>/", views.receipt)]\n',
}


async def the_answer_is_the_same(site: Site) -> None:
    """The page shows the total and the stamp, as before."""
    number, total = site.number(), site.number()
    site.upstream.reply("payments", {"total": total})
    answer = await site.get(f"/dashboard/receipt/{number}/")
    answer.status(200).json({"total": total, "stamp": _stamp(number)})
    equal(
        [call.path for call in site.upstream.calls],
        [f"/payments/{number}/"],
        "The page should ask for this payment, and once.",
    )


async def payments_of_two_visitors_overlap(site: Site) -> None:
    """Two visitors' calls to payments are in flight at the same time."""
    site.upstream.reply("payments", {"total": site.number()})
    site.upstream.hold(2)
    visits = [site.get(f"/dashboard/receipt/{site.number()}/") for _ in range(2)]
    for answer in await site.together(*visits):
        answer.status(200)
    equal(
        site.upstream.most_in_flight,
        2,
        "The second visitor's call was sent only when the first one's was over.",
        nudge="Something holds the loop while payments is asked. `httpx.get` is a blocking call.",
    )


async def the_printer_holds_up_nobody(site: Site) -> None:
    """Nobody else waits while the printer works."""
    site.upstream.reply("payments", {"total": site.number()})
    before = site.blocked
    (await site.get(f"/dashboard/receipt/{site.number()}/")).status(200)
    that(
        site.blocked == before,
        "The printer held the event loop: every other visitor stood still.",
        expected="0 seconds",
        actual=f"{site.blocked - before:g} seconds",
        nudge="`async def` around a blocking call doesn't unblock it. Move the call into a thread.",
    )


def _stamp(number):
    return f"PAID-{number:05d}-{number * 7919 % 97:02d}"
