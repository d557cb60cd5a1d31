"""The archive, author by author

Write `by_author`, the page at `/blog/authors/`. It answers with JSON:

```text
{"authors": [
  {"name": "Ada", "posts": [{"title": "Bridge closed", "tags": ["city", "roads"]}, ...]},
  ...
]}
```

- Authors in alphabetical order, and only those with at least one **published** post.
- Their published posts, the newest first. Drafts don't show. Tags are in alphabetical order.
- However many authors, posts and tags there are, the page asks the database **at most three
  times**.
"""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from workbook_site.checking import Site, equal, that
from workbook_site.checking.answer import Answer

FILE = "blog/views.py"
POINTS = 5
HINTS = [
    "Three tables, three questions. Begin with the authors and let `prefetch_related` "
    "fetch the posts, and the tags of those posts.",
    "`author.posts.filter(...)` is a new question, whatever was fetched before. To have "
    'only some of the posts fetched, hand `prefetch_related` a `Prefetch("posts", '
    "queryset=...)` object: its queryset may filter and order.",
    'The queryset inside the `Prefetch` may have a `prefetch_related("tags")` of its own. '
    "What was prefetched, `author.posts.all()` and `post.tags.all()`, needs no `async "
    "for`: it is in memory.",
    "A filter over many posts gives an author once for each of them: `.distinct()`. Or "
    "drop the authors without posts in Python.",
]
GIVEN = {"blog/urls.py": 'urlpatterns += [path("authors/", views.by_author)]\n'}

PATH = "/blog/authors/"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
AT_MOST = 3


async def _tags(site: Site, count: int) -> dict[str, int]:
    """So many tags, by name."""
    names = [site.word() for _ in range(count)]
    keys = await site.add_all("blog.Tag", [{"name": name} for name in names])
    return dict(zip(names, keys, strict=True))


async def _post(site: Site, author: int, day: int, tags: dict[str, int]) -> dict[str, Any]:
    """One published post with two of the tags, as the page shows it."""
    title, some = site.word(), site.random.sample(sorted(tags), 2)
    when = (BEGIN + timedelta(days=day)).isoformat()
    words = {"title": title, "slug": site.word(), "status": "published", "published_at": when}
    pk = await site.add("blog.Post", **words, author_id=author)
    its = [{"post_id": pk, "tag_id": tags[tag]} for tag in sorted(some, reverse=True)]
    await site.add_all("blog.Post_tags", its)
    return {"title": title, "tags": sorted(some)}


async def _draft(site: Site, author: int) -> None:
    await site.add("blog.Post", title=site.word(), slug=site.word(), author_id=author)


async def _newsroom(site: Site, authors: int, posts: int) -> dict[str, Any]:
    """So many authors with so many posts each, and the page that shows them."""
    tags, shown = await _tags(site, 5), []
    for name in [site.word() for _ in range(authors)]:
        pk = await site.add("blog.Author", name=name, email=f"{name}@newsroom.example")
        days = site.random.sample(range(300), posts)
        written = {day: await _post(site, pk, day, tags) for day in days}
        await _draft(site, pk)
        shown.append({"name": name, "posts": [written[day] for day in sorted(days, reverse=True)]})
    return {"authors": sorted(shown, key=lambda each: each["name"])}


def _names(answer: Answer) -> list[str]:
    """The authors on the page, as far as it has the right shape."""
    told = answer.json()
    authors = told.get("authors") if isinstance(told, dict) else None
    found = authors if isinstance(authors, list) else []
    return [str(each.get("name")) for each in found if isinstance(each, dict)]


def _summary(asked: list[str]) -> str:
    """'1 x blog_author, 12 x blog_post': the table that each query begins with."""
    tables = [re.search(r'FROM "(\w+)"', sql) for sql in asked]
    counted = Counter(found[1] if found else "?" for found in tables)
    return ", ".join(f"{count} x {table}" for table, count in counted.items())


async def it_shows_everybody_and_their_posts(site: Site) -> None:
    """Each author with their published posts, newest first, with their tags in order."""
    page = await _newsroom(site, authors=2, posts=site.number(2, 3))
    answer = (await site.get(PATH)).status(200)
    for name, times in Counter(_names(answer)).items():
        told = f"The author {name!r} is there {times} times."
        that(times == 1, told, nudge="A filter over many posts finds an author once for each.")
    answer.json(page)


async def it_leaves_out_who_has_published_nothing(site: Site) -> None:
    """Somebody without a published post doesn't show."""
    page = await _newsroom(site, authors=1, posts=2)
    for _ in range(2):
        name = site.word()
        pk = await site.add("blog.Author", name=name, email=f"{name}@newsroom.example")
        await _draft(site, pk)
    await site.add("blog.Author", name=site.word(), email=f"{site.word()}@newsroom.example")
    (await site.get(PATH)).status(200).json(page)


async def it_asks_three_times_however_many_there_are(site: Site) -> None:
    """However many authors and posts there are, the database is asked at most three times."""
    page = await _newsroom(site, authors=site.number(3, 5), posts=2)
    answer = (await site.get(PATH)).status(200)
    names = [author["name"] for author in page["authors"]]
    equal(sorted({*_names(answer)}), names, "Those are not the names of the authors.")
    asked = await site.queries(answer)
    that(
        len(asked) <= AT_MOST,
        "The page asks the database too often.",
        expected=f"at most {AT_MOST} queries",
        actual=f"{len(asked)} queries: {_summary(asked)}",
        nudge="A query inside a loop is a query for each turn of the loop. Fetch before you loop.",
    )
