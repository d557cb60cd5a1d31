"""Yesterday's posts, at seven

Each morning at **7:00 on the newsroom's clocks** (`NEWSROOM` in `blog/schedules.py`, so Berlin),
the editors get one mail with what came out yesterday. Write two functions:

- `titles_on(day)` returns the titles of the posts that were **published** on that `day` (a
  `datetime.date`), the earliest first. A draft is not published, whatever date it bears. A day
  begins and ends at midnight **in the newsroom**.
- `daily_digest()` is the periodic task. It sends
  `{"to": "editors@newsroom.example", "subject": "Published on 2031-01-14", "titles": [...]}`
  through `mail.send`, for the newsroom's yesterday. When nothing came out, it sends nothing.

The **schedule** decides when the task runs, so the task itself doesn't look at the hour. The page
`/blog/digest/2031-01-14/` shows what `titles_on` returns for that day; it is given.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workbook_site.checking import Site, equal, that

FILE = "blog/tasks.py"
POINTS = 5
HINTS = [
    "`newsroom_time(minute=..., hour=...)` makes the schedule. It goes into "
    "`@db_periodic_task(...)`.",
    "A day has a first moment, and the next day has one, too: "
    "`datetime.combine(day, time.min, tzinfo=NEWSROOM)`. In between lie 23, 24 or 25 hours.",
    "`published_at__gte=begin, published_at__lt=end`. The newsroom's today is "
    "`timezone.localdate(timezone=NEWSROOM)`, with Django's `timezone`.",
]
GIVEN = {
    "blog/views.py": (
        "from datetime import date\n\n"
        "from blog import tasks\n\n\n"
        "def digest(request, day):\n"
        '    return JsonResponse({"titles": tasks.titles_on(date.fromisoformat(day))})\n'
    ),
    "blog/urls.py": 'urlpatterns += [path("digest/<str:day>/", views.digest)]\n',
}

NEWSROOM = ZoneInfo("Europe/Berlin")
A_SECOND = timedelta(seconds=1)
MIDNIGHT = "When is midnight in the newsroom? In UTC it is late in the evening before."


async def it_lists_the_days_posts(site: Site) -> None:
    """The titles of one day are listed, the earliest first, and no other day's."""
    day = _day(site, site.random.choice([1, 7]))
    noons = [_midnight(day + timedelta(days=shift)) + timedelta(hours=12) for shift in (-1, 0, 1)]
    titles = {}
    for minute in site.random.sample(range(300), 4):
        titles[minute] = await _post(site, noons[1] + timedelta(minutes=minute))
    await _post(site, noons[0])
    await _post(site, noons[2])
    await _lists(site, day, [titles[minute] for minute in sorted(titles)])


async def drafts_are_left_out(site: Site) -> None:
    """What is not published is left out."""
    day = _day(site, 4)
    noon = _midnight(day) + timedelta(hours=12)
    await _post(site, None, status="draft")
    await _post(site, noon, status="draft")
    await _lists(site, day, [await _post(site, noon + A_SECOND)], "Some of these are drafts.")


async def a_day_ends_at_the_newsrooms_midnight(site: Site) -> None:
    """The day begins and ends at midnight in the newsroom, in winter and in summer."""
    for month in (1, 7):
        day = _day(site, month)
        await _lists(site, day, await _around(site, day), MIDNIGHT)


async def days_of_23_and_25_hours_are_whole(site: Site) -> None:
    """It holds on the two days of the year when the clocks are changed, too."""
    for day in (date(2031, 3, 30), date(2031, 10, 26)):
        nudge = "That day has not got 24 hours. Ask for the midnight of the next day by its date."
        await _lists(site, day, await _around(site, day), nudge)


async def it_runs_at_seven_in_winter_and_in_summer(site: Site) -> None:
    """The task runs at 7:00 in the newsroom, once, and at no other time."""
    for month in (1, 7):
        day = _day(site, month)
        others = [time(site.random.randrange(9, 24), 0), time(7, site.random.randint(1, 59))]
        times = {}
        for at in [time(7), time(5), time(6), time(8), *others]:
            moment = datetime.combine(day, at, tzinfo=NEWSROOM)
            ran = [each for each in await site.tasks.run(now=moment) if _is_digest(each.name)]
            times[moment] = len(ran)
        shown = ", ".join(f"{moment:%H:%M}" for moment in times)
        never = f"On {day:%d %B} it was time for `daily_digest` at {shown}, and it never ran."
        that(any(times.values()), never, nudge="What makes a function a periodic task?")
        for moment, count in times.items():
            told = f"On {moment:%d %B} at {moment:%H:%M} in the newsroom, it ran so many times."
            nudge = "In UTC, the newsroom's seven o'clock is 6:00 in winter, 5:00 in summer."
            equal(count, int(moment.time() == time(7)), told, nudge=nudge)


async def it_mails_what_came_out_yesterday(site: Site) -> None:
    """The mail to the editors has yesterday's titles."""
    today = datetime.now(NEWSROOM).date()
    yesterday = today - timedelta(days=1)
    titles = await _around(site, yesterday)
    await _at_seven(site, today)
    if datetime.now(NEWSROOM).date() != today:
        return  # midnight went by meanwhile, and today's yesterday is another one
    mails = [call.json for call in site.upstream.calls_of("mail")]
    subject = f"Published on {yesterday.isoformat()}"
    expected = {"to": "editors@newsroom.example", "subject": subject, "titles": titles}
    equal(mails, [expected], "That is not the mail that should go out.")


async def no_news_is_no_mail(site: Site) -> None:
    """When nothing came out, no mail goes out."""
    await _at_seven(site, datetime.now(NEWSROOM).date())
    mails = [call.json for call in site.upstream.calls_of("mail")]
    equal(mails, [], "There was nothing to tell, and these mails went out.")


def _is_digest(name: str) -> bool:
    return name.rpartition(".")[2] == "daily_digest"


async def _at_seven(site: Site, day: date) -> None:
    ran = await site.tasks.run(now=datetime.combine(day, time(7), tzinfo=NEWSROOM))
    errors = [each.error for each in ran if _is_digest(each.name)]
    equal(errors, [None], "At seven, `daily_digest` should run once, without an error.")


def _day(site: Site, month: int) -> date:
    return date(2031, month, site.random.randint(2, 28))


def _midnight(day: date) -> datetime:
    """The day's first moment, in UTC: from there on, hours can be counted."""
    return datetime.combine(day, time.min, tzinfo=NEWSROOM).astimezone(UTC)


async def _around(site: Site, day: date) -> list[str]:
    """Posts close to both ends of a day, inside and outside; the titles inside, in order."""
    begin, end = _midnight(day), _midnight(day + timedelta(days=1))
    await _post(site, begin - A_SECOND)
    await _post(site, end)
    last = await _post(site, end - A_SECOND)
    return [await _post(site, begin), await _post(site, begin + timedelta(hours=2)), last]


async def _post(site: Site, published_at: datetime | None, status: str = "published") -> str:
    title = site.word()
    author = await site.add("blog.Author", name=title, email=f"{title}@newsroom.example")
    when = published_at and published_at.astimezone(UTC).isoformat()
    await site.add(
        "blog.Post", title=title, slug=title, author_id=author, status=status, published_at=when
    )
    return title


async def _lists(site: Site, day: date, titles: list[str], nudge: str = "") -> None:
    page = (await site.get(f"/blog/digest/{day.isoformat()}/")).status(200)
    equal(page.json()["titles"], titles, f"These are not the titles of {day:%d %B}.", nudge=nudge)
