"""A page for each post

Write `post_page`, the page of one post at `/blog/posts/SLUG/`. It answers with JSON:

```text
{"title": ..., "body": ..., "author": {"name": ..., "email": ...}, "tags": [...], "more": [...]}
```

- `tags` are the names of its tags in alphabetical order.
- `more` leads on: the titles of up to **three** other published posts by the same author, the
  newest first.
- There is no page for a draft, nor for a slug that no post has: status 404.
"""

from datetime import UTC, datetime, timedelta

from workbook_site.checking import Site, equal, that

FILE = "blog/views.py"
POINTS = 4
HINTS = [
    '`aget` can filter, follow and fail: `select_related("author").aget(slug=slug, ...)` '
    "raises `Post.DoesNotExist` when there is no such row. `raise Http404` makes a 404 of "
    "it. Django's `aget_object_or_404` does both.",
    "The tags are another table, so they are another question: `async for tag in post.tags.all()`.",
    "`post.author.posts` has the same methods as `Post.objects`, and knows only this "
    "author's posts. Leave the post itself out with `exclude(pk=post.pk)`. A slice `[:3]` "
    "asks nothing yet, so `async for` may go over it.",
]
GIVEN = {"blog/urls.py": 'urlpatterns += [path("posts/<slug:slug>/", views.post_page)]\n'}

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


async def _author(site: Site) -> tuple[int, dict[str, str]]:
    """One more author: the key, and how the page shows them."""
    name = site.word()
    shown = {"name": name, "email": f"{name}@newsroom.example"}
    return await site.add("blog.Author", **shown), shown


async def _post(site: Site, author: int, day: int = 0, status: str = "published") -> dict[str, str]:
    """One more post; what was stored."""
    texts = {"title": site.word(), "slug": site.word(), "body": site.word()}
    when = (BEGIN + timedelta(days=day)).isoformat() if status == "published" else None
    await site.add("blog.Post", **texts, author_id=author, status=status, published_at=when)
    return texts


async def it_shows_the_post_and_its_author(site: Site) -> None:
    """Title and body are the post's, name and email are its author's."""
    others = [await _author(site) for _ in range(2)]
    pk, author = await _author(site)
    post = await _post(site, pk)
    await _post(site, others[0][0])
    answer = (await site.get(f"/blog/posts/{post['slug']}/")).status(200).json()
    for key in ("title", "body"):
        equal(answer.get(key), post[key], f"That is not the {key} of this post.")
    equal(answer.get("author"), author, "That is not the author of this post.")
    equal(answer.get("tags"), [], "This post has no tags.")


async def its_tags_are_in_order(site: Site) -> None:
    """The tags are its own, in alphabetical order."""
    pk, _ = await _author(site)
    post, other = await _post(site, pk), await _post(site, pk)
    names = [site.word() for _ in range(6)]
    backwards = sorted(names, reverse=True)
    made = await site.add_all("blog.Tag", [{"name": name} for name in backwards])
    tags = dict(zip(backwards, made, strict=True))
    keys = {row["slug"]: row["id"] for row in await site.rows("blog.Post")}
    its = [{"post_id": keys[post["slug"]], "tag_id": tags[name]} for name in names[:4]]
    others = [{"post_id": keys[other["slug"]], "tag_id": tags[name]} for name in names[3:]]
    await site.add_all("blog.Post_tags", [*its, *others])
    answer = (await site.get(f"/blog/posts/{post['slug']}/")).status(200).json()
    equal(answer.get("tags"), sorted(names[:4]))


async def it_leads_on_to_the_newest_by_the_same_author(site: Site) -> None:
    """`more` has up to three other published posts by the same author, the newest first."""
    pk, _ = await _author(site)
    stranger, _ = await _author(site)
    days = site.random.sample(range(1, 300), 6)
    posts = {day: await _post(site, pk, day) for day in days}
    await _post(site, pk, status="draft")
    await _post(site, stranger, 301)
    newest = sorted(days, reverse=True)
    for day in (newest[0], newest[4]):
        answer = (await site.get(f"/blog/posts/{posts[day]['slug']}/")).status(200).json()
        more = [posts[other]["title"] for other in newest if other != day][:3]
        told = answer.get("more")
        itself = isinstance(told, list) and posts[day]["title"] in told
        that(not itself, "`more` leads to the post itself.", expected=more, actual=told)
        equal(told, more, "Those are not the newest other posts of this author.")
    alone, _ = await _author(site)
    only = await _post(site, alone)
    answer = (await site.get(f"/blog/posts/{only['slug']}/")).status(200).json()
    equal(answer.get("more"), [], "This author has no other post.")


async def drafts_and_unknown_slugs_are_not_found(site: Site) -> None:
    """A draft has no page, and neither has a slug that no post has."""
    pk, _ = await _author(site)
    draft = await _post(site, pk, status="draft")
    (await site.get(f"/blog/posts/{draft['slug']}/")).status(404)
    (await site.get(f"/blog/posts/{site.word()}/")).status(404)
