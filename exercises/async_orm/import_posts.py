"""All of them, or none

An agency sends its posts in batches. Write `import_posts`, the page that a POST to
`/blog/import/` reaches. The body is JSON:

```text
{"posts": [
  {"title": "Rain", "slug": "rain", "author": {"name": "Ada", "email": "a@x.example"},
   "tags": ["city"]},
  ...
]}
```

- Each becomes a draft with that author and those tags. An author whose **email** is known is used
  as they are. Other authors are created, and so are tags that don't exist yet. The answer is
  status 201 and `{"imported": 3}`.
- If a slug is taken, by a post that exists **or by another one in the batch**, the answer is
  status 409, and the database is just as it was before: no post, no author and no tag of this
  batch is in it.
- Agencies don't wait for each other. All of this holds for batches that come at the same moment.
"""

from typing import Any

from workbook_site.checking import Site, equal

FILE = "blog/views.py"
POINTS = 6
HINTS = [
    "Several writes that belong together are a transaction, and a transaction is one sync "
    "function. In there you write plain sync Django: `get_or_create`, `create`, `set`.",
    "A slug that is taken raises `IntegrityError` (from `django.db`). What leaves the `atomic` "
    "block takes everything back. So catch it outside: in the view.",
    "`@transaction.atomic def store(posts): ...` and, in the view, `try: await "
    "sync_to_async(store)(posts)` with `except IntegrityError:` around it.",
]
GIVEN = {"blog/urls.py": 'urlpatterns += [path("import/", views.import_posts)]\n'}

PATH = "/blog/import/"
TOGETHER = "Between a look at the slugs and the writing, somebody else may write. One transaction."


def _author(site: Site) -> dict[str, str]:
    name = site.word()
    return {"name": name, "email": f"{name}@agency.example"}


def _item(site: Site, author: dict[str, str], *tags: str) -> dict[str, Any]:
    return {"title": site.word(), "slug": site.word(), "author": author, "tags": list(tags)}


async def _stored(site: Site) -> dict[str, Any]:
    """All that the four tables hold, in words."""
    authors = {row["id"]: row for row in await site.rows("blog.Author")}
    tags = {row["id"]: row["name"] for row in await site.rows("blog.Tag")}
    pairs = [(row["post_id"], tags[row["tag_id"]]) for row in await site.rows("blog.Post_tags")]
    return {
        "authors": sorted((row["name"], row["email"]) for row in authors.values()),
        "tags": sorted(tags.values()),
        "posts": sorted(
            (
                row["slug"],
                row["title"],
                row["status"],
                authors[row["author_id"]]["email"],
                sorted(name for post, name in pairs if post == row["id"]),
            )
            for row in await site.rows("blog.Post")
        ),
    }


def _wanted(items: list[dict[str, Any]]) -> list[Any]:
    rows = [
        (each["slug"], each["title"], "draft", each["author"]["email"], sorted(each["tags"]))
        for each in items
    ]
    return sorted(rows)


async def it_stores_the_whole_batch(site: Site) -> None:
    """Every post of a good batch is stored as a draft, with its author and its tags."""
    ada, bo = _author(site), _author(site)
    news, city, arts = site.word(), site.word(), site.word()
    items = [_item(site, ada, news, city), _item(site, bo, city), _item(site, ada, arts)]
    items += [_item(site, bo) for _ in range(site.number(1, 3))]
    site.random.shuffle(items)
    answer = await site.post(PATH, json={"posts": items})
    answer.status(201).json({"imported": len(items)})
    stored = await _stored(site)
    equal(stored["posts"], _wanted(items), "The posts are not stored as they were sent.")
    equal(stored["tags"], sorted([news, city, arts]), "Those are not the tags of the batch.")
    equal(len(stored["authors"]), 2, "Two people wrote the batch.")


async def it_knows_authors_by_their_email(site: Site) -> None:
    """An author whose email is known is used as they are, and a tag that exists is used again."""
    known, tag = _author(site), site.word()
    await site.add("blog.Author", **known)
    await site.add("blog.Tag", name=tag)
    items = [_item(site, {"name": site.word(), "email": known["email"]}, tag) for _ in range(2)]
    nudge = "The email of this author is known, and another name came with it. Who is it?"
    (await site.post(PATH, json={"posts": items})).status(201, nudge=nudge)
    stored = await _stored(site)
    equal(stored["authors"], [(known["name"], known["email"])], "This author was there already.")
    equal(stored["tags"], [tag], "This tag was there already.")
    equal(stored["posts"], _wanted(items), "The posts are not stored as they were sent.")


async def _refused(site: Site, items: list[dict[str, Any]]) -> None:
    before = await _stored(site)
    (await site.post(PATH, json={"posts": items})).status(409)
    after = await _stored(site)
    nudge = (
        "What was written before the slug was found taken must be taken back. A transaction does "
        "that when an error leaves it, not when it returns."
    )
    for table in ("posts", "authors", "tags"):
        equal(
            after[table], before[table], f"The batch was refused, but left {table} behind.", nudge
        )


async def a_taken_slug_undoes_the_batch(site: Site) -> None:
    """When a slug is taken by a post that exists, nothing of the batch is stored."""
    old = _item(site, _author(site), site.word())
    (await site.post(PATH, json={"posts": [old]})).status(201)
    items = [_item(site, _author(site), site.word()) for _ in range(site.number(2, 4))]
    clash = {**_item(site, _author(site), site.word()), "slug": old["slug"]}
    await _refused(site, [*items, clash])
    await _refused(site, [clash, *items])


async def a_slug_twice_in_the_batch_undoes_it_too(site: Site) -> None:
    """When a slug is in the batch twice, nothing of the batch is stored."""
    items = [_item(site, _author(site), site.word()) for _ in range(3)]
    await _refused(site, [*items, {**_item(site, _author(site)), "slug": items[0]["slug"]}])


async def of_batches_that_clash_one_is_stored(site: Site) -> None:
    """Of batches that come at once and want the same slug, one is stored, and it alone."""
    slug = site.word()
    batches = [
        [_item(site, _author(site), site.word()), {**_item(site, _author(site)), "slug": slug}]
        for _ in range(site.number(2, 4))
    ]
    async with site.writes_held():
        sent = [site.post(PATH, json={"posts": items}) for items in batches]
        answers = await site.together(*sent)
    for answer in answers:
        if answer.code != 201:
            answer.status(409)
    stored = [items for items, answer in zip(batches, answers, strict=True) if answer.code == 201]
    equal(len(stored), 1, f"{len(batches)} batches wanted one slug. So many were imported:")
    left = (await _stored(site))["posts"]
    equal(left, _wanted(stored[0]), "Posts of the batches that were refused are there.", TOGETHER)


async def a_refused_batch_can_come_again(site: Site) -> None:
    """After a refusal, the corrected batch is stored."""
    items = [_item(site, _author(site), site.word()) for _ in range(2)]
    twice = {**_item(site, _author(site)), "slug": items[0]["slug"]}
    (await site.post(PATH, json={"posts": [*items, twice]})).status(409)
    corrected = [*items, {**twice, "slug": site.word()}]
    (await site.post(PATH, json={"posts": corrected})).status(201)
    equal((await _stored(site))["posts"], _wanted(corrected), "The posts are not stored as sent.")
