"""The newsroom in five numbers

Write `stats`, the page at `/blog/stats/`. It answers with JSON:

```text
{"posts": 12, "published": 9, "authors": 3, "reads": 1840, "most_read": "Bridge closed"}
```

- `posts` counts all posts. Everything else is about **published** posts only.
- `authors` is the number of people who have at least one published post. Nobody counts twice.
- `reads` is the sum of all reads. In an empty newsroom it is `0`.
- `most_read` is the title of the published post with the most reads, or `null` when nothing is
  published.
"""

from workbook_site.checking import Site, equal

FILE = "blog/views.py"
POINTS = 4
HINTS = [
    "`published = Post.objects.filter(status=Post.Status.PUBLISHED)` asks nothing yet. "
    "Each number is one more word behind it, and each of those words needs its `a` and "
    "its `await`.",
    '`.values("author").distinct()` has one row for each author, and rows can be counted. '
    '`Count("author", distinct=True)` inside `aaggregate` counts the same.',
    'The sum of no rows at all is `None` for SQL. `Sum("reads", default=0)` says what you '
    "want instead. `afirst()` gives `None` when there is no row, and `None` has no title.",
]
GIVEN = {"blog/urls.py": 'urlpatterns += [path("stats/", views.stats)]\n'}

PATH = "/blog/stats/"


async def _author(site: Site) -> int:
    name = site.word()
    pk: int = await site.add("blog.Author", name=name, email=f"{name}@newsroom.example")
    return pk


async def _post(site: Site, author: int, reads: int, status: str = "published") -> str:
    """One more post; its title."""
    title = site.word()
    await site.add(
        "blog.Post", title=title, slug=site.word(), author_id=author, reads=reads, status=status
    )
    return title


async def it_counts_what_there_is(site: Site) -> None:
    """All five numbers are right for a newsroom with published posts and drafts."""
    authors = [await _author(site) for _ in range(site.number(2, 4))]
    reads = site.random.sample(range(10, 900), len(authors) + site.number(1, 4))
    writers = [*authors, *site.random.choices(authors, k=len(reads) - len(authors))]
    titles = {n: await _post(site, by, n) for n, by in zip(reads, writers, strict=True)}
    await _author(site)
    for _ in range(site.number(1, 3)):
        await _post(site, await _author(site), site.number(1000, 2000), "draft")
    posts = len(await site.rows("blog.Post"))
    (await site.get(PATH)).status(200).json(
        {
            "posts": posts,
            "published": len(reads),
            "authors": len(authors),
            "reads": sum(reads),
            "most_read": titles[max(reads)],
        }
    )


async def nobody_counts_twice(site: Site) -> None:
    """Somebody with many published posts is one author."""
    author = await _author(site)
    for _ in range(site.number(3, 6)):
        await _post(site, author, site.number())
    answer = (await site.get(PATH)).status(200).json()
    equal(answer.get("authors"), 1, "All posts are by one author.")


async def an_empty_newsroom_has_a_page_too(site: Site) -> None:
    """With drafts only, the sum is 0 and the most read title is null."""
    author, drafts = await _author(site), site.number(1, 4)
    for _ in range(drafts):
        await _post(site, author, site.number(), "draft")
    (await site.get(PATH)).status(200).json(
        {"posts": drafts, "published": 0, "authors": 0, "reads": 0, "most_read": None}
    )
