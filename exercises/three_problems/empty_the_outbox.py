"""Empty the tray, and lose nothing

Write `deliver()` in `blog/outbox.py`. It goes through the mails that wait, the oldest first, and
hands each to `mail.send`.

- A mail leaves the outbox **only after the mail service took it**. Any other stays as it is, for
  the next time.
- A mail that isn't taken must not keep those behind it from being tried.
- `deliver` returns what came of it, such as `{"sent": 3, "kept": 1}`.

A POST to `/blog/outbox/` calls your function; that view is given.
"""

import json

from workbook_site.checking import Site, equal

FILE = "blog/outbox.py"
POINTS = 5
HINTS = [
    "`waiting()` gives the names, the oldest first. `read(name)` is the mail, and `remove(name)` "
    "takes it away.",
    "What is lost if the process dies between two of your lines? Remove after sending.",
    "`mail.send` raises `httpx.HTTPError` when the service doesn't take a mail. "
    "The `try` belongs around one mail.",
]
GIVEN = {
    "blog/views.py": (
        "from blog import outbox\n\n\n"
        "@csrf_exempt\n"
        "@require_POST\n"
        "def empty_outbox(request):\n"
        "    return JsonResponse(outbox.deliver())\n"
    ),
    "blog/urls.py": 'urlpatterns += [path("outbox/", views.empty_outbox)]\n',
}

LOST = "Remove a mail only after the mail service took it."
STOPPED = (
    "One mail that isn't taken must not stop the others: the try belongs inside the loop, and the "
    "loop goes on after it."
)


async def _put(site: Site, count: int) -> list[dict[str, str]]:
    """Let these new mails wait and no others."""
    for name in await site.call("blog.outbox.waiting"):
        await site.call("blog.outbox.remove", name)
    letters = [{"subject": site.word()} for _ in range(count)]
    for letter in letters:
        await site.call("blog.outbox.put", letter)
    return letters


async def _deliver(site: Site) -> tuple[dict[str, int], list[dict[str, str]]]:
    """Empty the outbox once: what `deliver` returned, and what the mail service was given."""
    before = len(site.upstream.calls_of("mail"))
    told = await site.call("blog.outbox.deliver")
    calls = site.upstream.calls_of("mail")[before:]
    return told, [json.loads(call.body) for call in calls]


def _counted(told: object, wanted: dict[str, int], message: str) -> None:
    nudge = "Is a `return` missing?" if told is None else ""
    equal(told, wanted, message, nudge)


async def _left(site: Site) -> list[dict[str, str]]:
    names = await site.call("blog.outbox.waiting")
    return [await site.call("blog.outbox.read", name) for name in names]


async def every_mail_is_sent_once(site: Site) -> None:
    """Every mail that waits is sent once, the oldest first, and the outbox is empty then."""
    letters = await _put(site, site.number(3, 5))
    told, given = await _deliver(site)
    equal(given, letters, "The mail service was not given each mail once, in order.")
    equal(await _left(site), [], "These mails were sent and are still in the outbox.")
    _counted(told, {"sent": len(letters), "kept": 0}, "`deliver` returns something else.")


async def an_empty_outbox_is_no_mistake(site: Site) -> None:
    """With nothing to send, nothing is sent."""
    await _put(site, 0)
    told, given = await _deliver(site)
    equal(given, [], "There was nothing to send.")
    _counted(told, {"sent": 0, "kept": 0}, "`deliver` returns something else.")


async def what_is_not_taken_stays(site: Site) -> None:
    """While the mail service fails, every mail stays, and the next time it is sent."""
    letters = await _put(site, site.number(2, 4))
    site.upstream.fail("mail", site.random.choice([500, 503, "disconnect"]))
    told, _ = await _deliver(site)
    equal(await _left(site), letters, "Mails are lost that nobody took.", nudge=LOST)
    _counted(told, {"sent": 0, "kept": len(letters)}, "No mail was taken.")
    site.upstream.recover("mail")
    _, given = await _deliver(site)
    equal(given, letters, "The mails that stayed were not sent the next time.")


async def one_failure_does_not_stop_the_others(site: Site) -> None:
    """A mail that isn't taken stays, and those behind it are sent all the same."""
    first, *others = await _put(site, site.number(3, 5))
    site.upstream.set("mail", fail_first=1)
    told, given = await _deliver(site)
    equal(given, [first, *others], "Not every mail was tried once.", nudge=STOPPED)
    equal(await _left(site), [first], "That is not what should be left in the outbox.", nudge=LOST)
    _counted(told, {"sent": len(others), "kept": 1}, "One mail was not taken, the others were.")


async def a_mail_never_leaves_the_tray_untaken(site: Site) -> None:
    """A mail that stays was never taken out, not even for a moment: the process may die in it."""
    await _put(site, site.number(2, 4))
    before = await site.call("blog.outbox.waiting")
    site.upstream.fail("mail", 503)
    await _deliver(site)
    after = await site.call("blog.outbox.waiting")
    equal(after, before, "These are new notes: the old ones were removed, and written again.", LOST)
