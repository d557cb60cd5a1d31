"""One mail, however many workers

The sweeper enqueues, editors press buttons, workers die. So a notice may be worked on many times,
also by two workers **at the same moment**. Write the task `send_once(notice_id)`:

- Before it sends, it **claims** the notice: it writes the time into `claimed_at`. Of all who try
  at the same moment, one gets the claim, and only that one sends. The others return.
- A notice that is *sent* or *failed* can't be claimed. Nor can one that somebody has claimed,
  except when that was **more than ten minutes** ago: whoever it was is dead by now.
- After sending, the state is *sent*.
- When `mail.send` raises, the claim is **given back** (`claimed_at` is empty, the state stays
  *waiting*), and the error leaves the task, so that somebody may try again at once.

A POST to `/blog/notices/7/send/` runs your task in the request (`call_local`), as one more worker
would; that view is given.
"""

from datetime import UTC, datetime, timedelta

from workbook_site.checking import Site, equal, that

FILE = "blog/tasks.py"
POINTS = 6
HINTS = [
    "Between your reading of the row and your writing of it, the other worker does the same. "
    "`publish_once` in chapter 04 had this problem. Let the database look and write in one step.",
    "`update()` returns how many rows it has changed: 1 means that the claim is yours. What makes "
    "a notice free goes into its `filter`.",
    "`Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - timedelta(minutes=10))` is a filter "
    "that says *or*. The rest is `try`, `except`, and `raise`.",
]
GIVEN = {
    "blog/views.py": (
        "from blog import tasks\n\n\n"
        "@csrf_exempt\n"
        "@require_POST\n"
        "def send_now(request, notice_id):\n"
        "    tasks.send_once.call_local(notice_id)\n"
        '    return JsonResponse({"notice": notice_id})\n'
    ),
    "blog/urls.py": 'urlpatterns += [path("notices/<int:notice_id>/send/", views.send_now)]\n',
}


async def it_sends_and_ticks_off(site: Site) -> None:
    """A notice that waits is sent to the author, about the post, and is sent then."""
    notice, email, title = await _notice(site)
    (await _send(site, notice)).status(200)
    (mail,) = _mails(site) or [None]
    that(mail is not None, "No mail went out.")
    assert mail is not None
    equal(mail["to"], email, "The mail went to somebody else.")
    told = "The title is not in the subject."
    that(title in mail["subject"], told, expected=title, actual=mail["subject"])
    equal((await _row(site, notice))["state"], "sent", "That is not the state of the notice.")


async def a_second_run_changes_nothing(site: Site) -> None:
    """However often it is run, one mail goes out."""
    notice, _, _ = await _notice(site)
    for _ in range(site.number(2, 4)):
        (await _send(site, notice)).status(200)
    equal(len(_mails(site)), 1, "So many mails went out.")
    failed, _, _ = await _notice(site, state="failed")
    (await _send(site, failed)).status(200)
    equal(len(_mails(site)), 1, "A notice that was given up was sent. So many mails went out.")


async def of_many_workers_one_sends(site: Site) -> None:
    """Of many workers at the same moment, one sends."""
    notice, _, _ = await _notice(site)
    workers = site.number(3, 6)
    async with site.writes_held():
        answers = await site.together(*[_send(site, notice) for _ in range(workers)])
    for answer in answers:
        answer.status(200)
    equal(
        len(_mails(site)),
        1,
        f"{workers} workers at the same moment sent so many mails.",
        nudge="They all had read the row before the first of them wrote it.",
    )
    equal((await _row(site, notice))["state"], "sent", "That is not the state of the notice.")


async def a_fresh_claim_is_respected(site: Site) -> None:
    """What somebody else has claimed, less than ten minutes ago, is left alone."""
    claimed = _ago(site.random.randint(0, 590))
    notice, _, _ = await _notice(site, claimed_at=claimed.isoformat())
    (await _send(site, notice)).status(200)
    equal(len(_mails(site)), 0, "Somebody else is sending it. So many mails went out.")
    row = await _row(site, notice)
    equal(row["claimed_at"], claimed, "The claim of somebody else was changed.")


async def an_old_claim_is_void(site: Site) -> None:
    """A claim of more than ten minutes ago is void: one worker takes it over, and sends."""
    claimed = _ago(site.random.randint(610, 5000)).isoformat()
    notice, _, _ = await _notice(site, claimed_at=claimed)
    async with site.writes_held():
        for answer in await site.together(*[_send(site, notice) for _ in range(3)]):
            answer.status(200)
    sent = len(_mails(site))
    told = "Three workers found an old claim. So many mails went out."
    equal(sent, 1, told, nudge=TOOK_OVER if sent else DEAD)
    equal((await _row(site, notice))["state"], "sent", "That is not the state of the notice.")


async def a_failure_gives_the_claim_back(site: Site) -> None:
    """When the mail can't be sent, the error is raised, and the next run may try at once."""
    notice, _, _ = await _notice(site)
    site.upstream.fail("mail", site.random.choice([503, 422, "disconnect"]))
    told = "When the mail can't be sent, the error should leave the task."
    equal((await _send(site, notice)).code, 500, told, nudge="`raise`, after giving it back.")
    row = await _row(site, notice)
    equal(row["state"], "waiting", "Nothing was sent. That is not the state of the notice.")
    equal(row["claimed_at"], None, "The claim was not given back. It is claimed since:")
    site.upstream.recover("mail")
    before = len(_mails(site))
    (await _send(site, notice)).status(200)
    equal(len(_mails(site)) - before, 1, "The next run could have sent it. So many went out.")


DEAD = "Whoever claimed it is dead by now. Which notices are free, besides those with no claim?"
TOOK_OVER = "Does the claim of the one who takes it over make it taken for the others?"


async def _notice(site, **fields):
    """A notice: its id, the author's address, the post's title."""
    email, title = f"{site.word()}@newsroom.example", site.word()
    author = await site.add("blog.Author", name=site.word(), email=email)
    post = await site.add("blog.Post", title=title, slug=title, author_id=author)
    return await site.add("blog.Notice", post_id=post, **fields), email, title


async def _send(site, notice):
    return await site.post(f"/blog/notices/{notice}/send/")


async def _row(site, notice):
    (row,) = await site.rows("blog.Notice", id=notice)
    return row


def _mails(site):
    return [call.json for call in site.upstream.calls_of("mail")]


def _ago(seconds):
    return datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=seconds)
