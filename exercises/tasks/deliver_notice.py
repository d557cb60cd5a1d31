"""Try again, if it is worth it, and say when you give up

Write the task `deliver_notice(notice_id)`. It sends the author's mail as `notify_author` does, and
writes into the `Notice` what has become of it:

- the mail service took the mail: `state` is **sent**;
- the service is **busy or out of reach** (status 429 or 5xx, or a lost connection): try again after
  **30 seconds**, then after **60**, then after **120**. Until then the state stays *waiting*. When
  the fourth try fails, too: **failed**, and it is over;
- the service **refuses** the mail (any other 4xx): **failed** at once, for it would say the same
  the next time.

A POST to `/blog/notices/7/deliver/` enqueues your task for the notice number 7; that view is given.
"""

from datetime import UTC, datetime, timedelta

from workbook_site.checking import Failure, Site, equal, that
from workbook_site.checking.tasks import Ran

FILE = "blog/tasks.py"
POINTS = 6
HINTS = [
    "`mail.send` raises `httpx.HTTPStatusError` for a bad status, with the status in "
    "`error.response.status_code`, and another kind of `httpx.HTTPError` for a lost connection.",
    "To try again, let the exception leave the task. To give up, catch it, write the row, and "
    "return.",
    "`@db_task(retries=3, retry_delay=30, retry_backoff=2, context=True)` tries four times in all, "
    "and hands the task in: `def deliver_notice(notice_id, task=None)`. When `task.retries` is 0, "
    "nobody will try again.",
]
GIVEN = {
    "blog/views.py": (
        "from blog import tasks\n\n\n"
        "@csrf_exempt\n"
        "@require_POST\n"
        "def deliver(request, notice_id):\n"
        "    tasks.deliver_notice(notice_id)\n"
        '    return JsonResponse({"notice": notice_id}, status=202)\n'
    ),
    "blog/urls.py": 'urlpatterns += [path("notices/<int:notice_id>/deliver/", views.deliver)]\n',
}

PAUSES = [30, 60, 120]
# How errors begin that the mail service caused, or that tell huey what to do.
EXPECTED = ("HTTP", "Remote", "Connect", "Read", "Retry", "Cancel")
REFUSED = [400, 404, 410, 422]
BUSY = [500, 502, 503]


async def it_sends_the_mail(site: Site) -> None:
    """A mail that the service takes goes to the author, about the post, and the notice is sent."""
    notice, email, title = await _enqueued(site)
    await _try(site)
    (call,) = site.upstream.calls_of("mail") or [None]
    that(call is not None, "No mail went out.")
    assert call is not None
    equal(call.json["to"], email, "The mail went to somebody else.")
    told = "The title is not in the subject."
    that(title in call.json["subject"], told, expected=title, actual=call.json["subject"])
    await _is(site, notice, "sent")
    await _over(site)


async def a_busy_service_is_asked_again(site: Site) -> None:
    """A service that is busy (429, 5xx) is asked again after 30 seconds, and then it is sent."""
    for status in (429, site.random.choice(BUSY)):
        notice, _, _ = await _enqueued(site)
        site.upstream.fail("mail", status)
        await _try(site)
        await _is(site, notice, "waiting", f"The service said {status}, and may say yes next time.")
        await _pause(site, datetime.now(UTC), PAUSES[0])
        site.upstream.recover("mail")
        await _try(site)
        await _is(site, notice, "sent")
        await _over(site)


async def a_lost_connection_is_tried_again(site: Site) -> None:
    """When the connection is lost, the mail is tried again."""
    notice, _, _ = await _enqueued(site)
    site.upstream.fail("mail", "disconnect")
    await _try(site)
    await _is(site, notice, "waiting", "The connection was lost. It may hold next time.")
    site.upstream.recover("mail")
    await _try(site)
    await _is(site, notice, "sent")


async def the_pauses_grow(site: Site) -> None:
    """The pauses are 30, 60 and 120 seconds."""
    await _enqueued(site)
    site.upstream.fail("mail", site.random.choice(BUSY))
    for pause in PAUSES:
        await _pause(site, await _try(site), pause)


async def after_four_tries_it_gives_up(site: Site) -> None:
    """When the fourth try fails, the notice is failed, and nothing is in the queue."""
    notice, _, _ = await _enqueued(site)
    site.upstream.fail("mail", site.random.choice([*BUSY, "disconnect"]))
    for number in range(1, 5):
        await _is(site, notice, "waiting", f"Only {number - 1} tries were made.")
        await _try(site)
    await _is(site, notice, "failed", "The last try has failed, and nobody will know of it.")
    await _over(site)
    equal(len(site.upstream.calls_of("mail")), 4, "So often the mail service was asked.")


async def a_refusal_is_final(site: Site) -> None:
    """A mail that the service refuses (4xx) is failed at once, and not tried again."""
    for status in site.random.sample(REFUSED, 2):
        notice, _, _ = await _enqueued(site)
        site.upstream.fail("mail", status)
        await _try(site)
        why = f"The service said {status}, and will say it again."
        await _is(site, notice, "failed", why)
        await _over(site, why)


async def _enqueued(site: Site) -> tuple[int, str, str]:
    """A notice whose task is in the queue: its id, the author's address, the post's title."""
    email, title = f"{site.word()}@newsroom.example", site.word()
    author = await site.add("blog.Author", name=site.word(), email=email)
    post = await site.add("blog.Post", title=title, slug=title, author_id=author)
    notice: int = await site.add("blog.Notice", post_id=post)
    (await site.post(f"/blog/notices/{notice}/deliver/")).status(202)
    return notice, email, title


async def _try(site: Site) -> datetime:
    """Let a worker do what is in the queue, at the time at which it is due; that time."""
    queued = await site.tasks.queued()
    that(bool(queued), "The task is not in the queue any more, so nobody will try again.")
    moment = max([datetime.now(UTC), *[task.eta for task in queued if task.eta]])
    before = len(site.upstream.calls_of("mail"))
    _only_known(await site.tasks.run(now=moment))
    asked = len(site.upstream.calls_of("mail")) - before
    told = (
        "That was to be one try. So often the mail service was asked, with no pause in the queue."
    )
    that(asked <= 1, told, expected=1, actual=asked)
    return moment


def _only_known(ran: list[Ran]) -> None:
    """What leaves the task must be the mail service's fault."""
    for each in ran:
        if each.error and not each.error.startswith(EXPECTED):
            raise Failure("The task broke off.", actual=each.error)


async def _pause(site: Site, tried: datetime, seconds: int) -> None:
    """What is in the queue is due so long after that try."""
    queued = await site.tasks.queued()
    equal(len(queued), 1, "So many tasks are in the queue after a try that failed.")
    eta = queued[0].eta
    if eta is None:
        raise Failure("The task is due at once, without a pause.", expected=f"{seconds} seconds")
    # RetryTask counts from the clock of the machine, retry_delay from the time of the try.
    pauses = [(eta - since) / timedelta(seconds=1) for since in (tried, datetime.now(UTC))]
    nearest = min(pauses, key=lambda pause: abs(pause - seconds))
    that(
        abs(nearest - seconds) < 5,
        "That is not the pause before the next try.",
        expected=f"{seconds} seconds",
        actual=f"{pauses[0]:.0f} seconds",
        nudge="30, then 60, then 120: `retry_delay` and `retry_backoff`.",
    )


async def _is(site: Site, notice: int, state: str, message: str = "") -> None:
    (row,) = await site.rows("blog.Notice", id=notice)
    equal(row["state"], state, message or "That is not the state of the notice.")


async def _over(
    site: Site, message: str = "It is over, and the task is still in the queue."
) -> None:
    equal([task.name for task in await site.tasks.queued()], [], message)
