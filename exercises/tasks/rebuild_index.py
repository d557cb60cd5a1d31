"""A long job that can be watched, and resumed

The search service lost its index. Write the task `rebuild_index(report_id)`, which tells it of
each post again, and shows its progress in a `Report`:

- In the order of their ids, it posts `{"post": 17}` to `/search/` under `settings.UPSTREAM_URL`,
  for **every** post. In the row, `total` is the number of posts, `done` how many the service
  took, and `state` first *working*, then *done*.
- **It can be watched.** `tell(report)` reaches whoever watches. But nobody can see more than
  twenty steps of a bar: tell **at most 25 times**, however many posts there are, and at least 10
  times when there are that many. The last word says *done*, with the final count.
- **It can fail.** On an `httpx.HTTPError` the state is *failed*, in the row and to those who watch,
  and `done` is exact. The task ends without raising.
- **It can be run again.** A report that is *done* stays as it is. Any other goes on behind the
  posts that are `done` already, and never sends one of them twice.

A POST to `/blog/reports/7/index/` enqueues your task; that view is given.
"""

from workbook_site.checking import Failure, Site, equal, that

FILE = "blog/tasks.py"
POINTS = 6
HINTS = [
    "`note(report, ...)` writes *and* tells. Here the two have different rhythms: write after each "
    "post, tell after each step that can be seen.",
    "A step is a twentieth, rounded **up**: `math.ceil(total / 20)` posts. Tell when `done` is a "
    "multiple of it, and at the end.",
    "To go on where it stopped: `posts[report.done:]`, with the posts in the order of their ids, "
    "and count on from `report.done`.",
]
GIVEN = {
    "blog/views.py": (
        "from blog import tasks\n\n\n"
        "@csrf_exempt\n"
        "@require_POST\n"
        "def index(request, report_id):\n"
        "    tasks.rebuild_index(report_id)\n"
        '    return JsonResponse({"report": report_id}, status=202)\n'
    ),
    "blog/urls.py": 'urlpatterns += [path("reports/<int:report_id>/index/", views.index)]\n',
}

MOST, LEAST = 25, 10
UNEVEN = [7, 11, 13]  # whoever writes now and then has not just written after so many


async def every_post_is_sent_once_in_order(site: Site) -> None:
    """The search service is told of every post, in the order of their ids."""
    ids, report = await _posts(site, site.number(5, 9)), await site.add("blog.Report")
    await _work(site, report)
    equal(_taken(site), ids, "The search service was told of these posts.")


async def the_row_says_how_far_it_is(site: Site) -> None:
    """At the end, the row says done, and how many of how many."""
    count = site.random.choice(UNEVEN)
    await _posts(site, count)
    report = await site.add("blog.Report")
    await _work(site, report)
    await _is(site, report, done=count, total=count, state="done")


async def nothing_to_do_is_done(site: Site) -> None:
    """Without a single post, the report is done at once."""
    report = await site.add("blog.Report")
    heard = await _watched(site, report)
    await _is(site, report, done=0, total=0, state="done")
    equal(heard[-1]["state"], "done", "That was the last word to those who watched.")


async def who_watches_sees_it_grow(site: Site) -> None:
    """Who watches sees the bar grow, step by step, up to done."""
    count = site.number(12, 40)
    await _posts(site, count)
    heard = await _watched(site, await site.add("blog.Report"))
    steps = [each["done"] for each in heard]
    equal(steps, sorted(steps), "The bar went backwards. These are its steps.")
    told = "Who watches should see at least ten steps. These were told."
    that(len(set(steps)) >= LEAST, told, expected=f"{LEAST} steps or more", actual=steps)
    equal(heard[-1], {"done": count, "total": count, "state": "done"}, "That was the last word.")


async def nobody_is_drowned(site: Site) -> None:
    """With many posts, it tells at most 25 times, and the last word is still exact."""
    count = site.random.choice([39, site.number(51, 59)])
    await _posts(site, count)
    heard = await _watched(site, await site.add("blog.Report"))
    that(
        len(heard) <= MOST,
        f"There were {count} posts, and whoever watches was told too often.",
        expected=f"at most {MOST} times",
        actual=f"{len(heard)} times",
        nudge="Write the row after each post, but tell only when the bar moves by a twentieth.",
    )
    equal(heard[-1], {"done": count, "total": count, "state": "done"}, "That was the last word.")


async def a_failure_is_told(site: Site) -> None:
    """When the service fails in the middle, the row and those who watch are told failed."""
    count = site.number(20, 40)
    await _posts(site, count)
    report, good = await site.add("blog.Report"), site.random.choice(UNEVEN)
    site.upstream.set("search", per_second=good)  # and no more: time stands still here
    heard = await _watched(site, report)
    failed = {"done": good, "total": count, "state": "failed"}
    await _is(site, report, **failed)
    equal(heard[-1], failed, "That was the last word to those who watched.")


async def it_goes_on_where_it_stopped(site: Site) -> None:
    """Run again after a failure, it goes on behind what is done, and sends no post twice."""
    count = site.number(20, 40)
    ids = await _posts(site, count)
    report, good = await site.add("blog.Report"), site.random.choice(UNEVEN)
    site.upstream.set("search", per_second=good)
    await _work(site, report)
    site.upstream.recover("search")
    await _work(site, report)
    equal(_taken(site), ids, "The service took these posts, over both runs.")
    await _is(site, report, done=count, total=count, state="done")


async def a_killed_run_is_resumed(site: Site) -> None:
    """A report whose worker was killed, working for ever, is taken up where it stopped."""
    count = site.number(8, 20)
    ids = await _posts(site, count)
    done = site.number(2, 7)
    report = await site.add("blog.Report", done=done, total=count, state="working")
    await _work(site, report)
    equal(_taken(site), ids[done:], f"{done} were done. The service was told of these.")


async def done_is_done(site: Site) -> None:
    """A report that is done is left alone, and so is the service."""
    count = site.number(3, 9)
    await _posts(site, count)
    report = await site.add("blog.Report")
    await _work(site, report)
    before = len(site.upstream.calls_of("search"))
    await _work(site, report)
    after = len(site.upstream.calls_of("search"))
    equal(after, before, "It was run again after it was done. So often the service was asked.")
    await _is(site, report, done=count, total=count, state="done")


async def _posts(site, count):
    author = await site.add("blog.Author", name="A", email=f"{site.word()}@newsroom.example")
    words = [site.word() for _ in range(count)]
    posts = [{"title": word, "slug": word, "author_id": author} for word in words]
    return await site.add_all("blog.Post", posts)


async def _work(site, report):
    """Enqueue the task, and let a worker do it."""
    (await site.post(f"/blog/reports/{report}/index/")).status(202)
    ran = await site.tasks.run()
    equal([each.error for each in ran], [None], "The task should end without raising.")


async def _watched(site, report):
    """Do the work while somebody watches; what they are told, from the first change on."""
    async with site.socket(f"/ws/reports/{report}/") as ws:
        ws.accepted()
        await ws.receive()  # how far it is before it begins
        await _work(site, report)
        heard = []
        while not heard or heard[-1].get("state") not in ("done", "failed"):
            heard.append(await ws.receive())
        await ws.nothing()
    return heard


def _taken(site):
    """The posts that the search service took."""
    calls = site.upstream.calls_of("search")
    for call in calls:
        if call.method != "POST" or not isinstance(call.json, dict) or "post" not in call.json:
            shown = f"{call.method} {call.path} {call.body}"
            raise Failure("That is not how to tell the search service.", actual=shown)
    return [call.json["post"] for call in calls if call.status == 200]


async def _is(site, report, **expected):
    (row,) = await site.rows("blog.Report", id=report)
    equal({name: row[name] for name in expected}, expected, "That is not what the row says.")
