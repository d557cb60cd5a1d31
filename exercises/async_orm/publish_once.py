"""Publish, and be the only one

Editors press *Publish* at the same moment. Write `publish_once`, the page that a POST to
`/blog/posts/SLUG/publish/` reaches.

- The post becomes published: its status, and the time of it in `published_at`. The answer is
  status 200 and `{"published": true}`.
- If it **is** published already, nothing changes, `published_at` least of all: status 409 and
  `{"published": false}`.
- A slug that no post has: status 404.
- Of many who press at once, **exactly one** gets the 200, whichever process of your site each of
  them has reached.
"""

from datetime import UTC, datetime

from workbook_site.checking import Site, equal

FILE = "blog/views.py"
POINTS = 5
HINTS = [
    "Between your reading of the status and your writing of it, somebody else may do the "
    "same. So don't read it. Let the database look and write in one step.",
    "`filter(...)` may say more than which post: it can say in which state the post must "
    "be. `aupdate(...)` returns how many rows it changed.",
    "`changed = await Post.objects.filter(slug=slug, "
    "status=Post.Status.DRAFT).aupdate(status=..., published_at=timezone.now())`. When it "
    "is 0, either somebody was faster or there is no such post: now you may ask which.",
]
GIVEN = {
    "blog/urls.py": 'urlpatterns += [path("posts/<slug:slug>/publish/", views.publish_once)]\n'
}

BEGIN = datetime(2001, 2, 3, tzinfo=UTC)


async def _draft(site: Site) -> str:
    """A draft; its slug."""
    name, slug = site.word(), site.word()
    author = await site.add("blog.Author", name=name, email=f"{name}@newsroom.example")
    await site.add("blog.Post", title=site.word(), slug=slug, author_id=author)
    return slug


async def it_publishes_a_draft(site: Site) -> None:
    """A draft becomes published, with its time, and no other post does."""
    slugs = [await _draft(site) for _ in range(3)]
    chosen = site.random.choice(slugs)
    (await site.post(f"/blog/posts/{chosen}/publish/")).status(200).json({"published": True})
    for row in await site.rows("blog.Post"):
        expected = "published" if row["slug"] == chosen else "draft"
        equal(row["status"], expected, f"The status of the post {row['slug']!r} is wrong.")
        dated = row["published_at"] is not None
        equal(dated, row["slug"] == chosen, "Is published_at set, for this post and no other?")


async def a_second_time_changes_nothing(site: Site) -> None:
    """What is published already is a 409, and keeps the time of its first publishing."""
    slug = await _draft(site)
    (await site.post(f"/blog/posts/{slug}/publish/")).status(200)
    (before,) = await site.rows("blog.Post")
    for _ in range(2):
        again = await site.post(f"/blog/posts/{slug}/publish/")
        again.status(409).json({"published": False})
    (after,) = await site.rows("blog.Post")
    equal(after, before, "The post was changed by a second publishing.")


async def an_unknown_slug_is_not_found(site: Site) -> None:
    """A slug that no post has is a 404."""
    await _draft(site)
    (await site.post(f"/blog/posts/{site.word()}/publish/")).status(404)
    (row,) = await site.rows("blog.Post")
    equal(row["status"], "draft", "A post with another slug was published.")


async def of_many_exactly_one_publishes(site: Site) -> None:
    """Of many editors who press at the same moment, exactly one is told that it was theirs."""
    slug, editors = await _draft(site), site.number(3, 8)
    path = f"/blog/posts/{slug}/publish/"
    async with site.writes_held():
        answers = await site.together(*[site.post(path) for _ in range(editors)])
    for answer in answers:
        if answer.code not in (200, 409):
            answer.status(200)
    winners = [answer for answer in answers if answer.code == 200]
    equal(
        len(winners),
        1,
        f"{editors} editors pressed at once, and {len(winners)} were told that they published it.",
        nudge="What does the write itself say about the status that the post must still have?",
    )
    (row,) = await site.rows("blog.Post", slug=slug)
    equal(row["status"], "published", "In the end the post is not published.")


async def another_process_may_be_faster(site: Site) -> None:
    """Another process of your site publishes it while this one is about to: that is a 409."""
    slug = await _draft(site)
    theirs = {"status": "published", "published_at": BEGIN.isoformat()}
    async with site.writes_held(lambda: site.change("blog.Post", {"slug": slug}, **theirs)):
        answer = await site.post(f"/blog/posts/{slug}/publish/")
    nudge = "A lock of yours holds in one process only. Who knows what all of them have written?"
    answer.status(409, nudge=nudge).json({"published": False})
    (row,) = await site.rows("blog.Post", slug=slug)
    told = "The time that the other process had set was changed."
    equal(str(row["published_at"])[:4], str(BEGIN.year), told)
