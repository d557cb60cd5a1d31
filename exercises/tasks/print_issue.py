"""An issue goes to print, whole or not at all

A POST to `/blog/issues/` with `{"author": 7, "titles": ["...", "..."]}` prints an issue: it
publishes one post for each title, by the author with this id, and each post gets its task
`notify_author`. Somebody wrote it in a hurry. Mend it, so that

- all the posts of an issue come out, or none does;
- when the database refuses (`IntegrityError`: a post of that title is out already, or there is no
  such author), the answer is status **409** with `{"posts": []}`;
- each post has **one** task, with the **id** of the post, and **no task is in the queue before
  its post is committed**. So an issue that wasn't printed leaves none.

When it works, the answer stays `{"posts": [the new ids, in order]}`, with status 201.
"""

from typing import Any

from workbook_site.checking import Site, equal, that
from workbook_site.checking.answer import Answer

FILE = "blog/views.py"
POINTS = 5
HINTS = [
    "What belongs together goes into one `with transaction.atomic():`. Catch the `IntegrityError` "
    "outside of it, so that it takes everything back on its way out.",
    "Some errors come only at the end, when the transaction is committed. Where do you have to "
    "stand, so that you know it was?",
    "`transaction.on_commit(...)` wants a function without arguments. A `lambda` in a loop looks "
    "at its variable when it is *called*, and then the loop is over. `functools.partial` looks "
    "now.",
]
GIVEN = {"blog/urls.py": 'urlpatterns += [path("issues/", views.print_issue)]\n'}

TASK = "blog.tasks.notify_author"


async def it_prints_the_whole_issue(site: Site) -> None:
    """A post comes out for each title, and the answer lists their ids, in order."""
    author, titles = await _author(site), _titles(site)
    ids = (await _print(site, author, titles)).status(201).json()["posts"]
    rows = {row["id"]: row for row in await site.rows("blog.Post")}
    equal([rows.get(number, {}).get("title") for number in ids], titles, "These are the posts.")
    equal({row["status"] for row in rows.values()}, {"published"}, "Are all of them published?")


async def each_post_has_one_task_with_its_id(site: Site) -> None:
    """Each post has one task in the queue, and the task is given the post's id."""
    ids = (await _print(site, await _author(site), _titles(site))).status(201).json()["posts"]
    equal(
        sorted(await _noted(site), key=str),
        sorted(ids),
        "These are the posts that the tasks in the queue are about.",
        nudge="One task for each post. Is the variable of the loop read too late?",
    )


async def every_author_gets_a_mail(site: Site) -> None:
    """A worker can do these tasks: a mail goes out for each post."""
    titles = _titles(site)
    (await _print(site, await _author(site), titles)).status(201)
    for ran in await site.tasks.run():
        equal(ran.error, None, f"The worker could not do {ran.name}.")
    subjects = [call.json["subject"] for call in site.upstream.calls_of("mail")]
    for title in titles:
        mentioned = sum(title in subject for subject in subjects)
        equal(mentioned, 1, f"So many mails went out about {title!r}.")


async def a_title_that_is_out_already_stops_it_all(site: Site) -> None:
    """When one title is out already, the answer is 409: no new post, and no task."""
    author, titles = await _author(site), _titles(site)
    taken = site.random.choice(titles[1:])
    await site.add("blog.Post", title=taken, slug=taken, author_id=author)
    before = await site.rows("blog.Post")
    (await _print(site, author, titles)).status(409).json({"posts": []})
    equal(len(await site.rows("blog.Post")), len(before), "Half an issue is out. So many posts:")
    await _nothing_noted(site)


async def a_commit_that_fails_leaves_no_task(site: Site) -> None:
    """When the commit itself fails, for there is no such author, the same: no post, no task."""
    author = await _author(site) + site.number()
    (await _print(site, author, _titles(site))).status(409).json({"posts": []})
    equal(await site.rows("blog.Post"), [], "There are posts by nobody.")
    await _nothing_noted(site)


async def _nothing_noted(site: Site) -> None:
    equal(
        await _noted(site),
        [],
        "The issue was not printed, and there are tasks in the queue, for these posts.",
        nudge="A rollback takes back rows. A note in the queue stays: write it after the commit. "
        "(`on_commit` is given a function, and calls it later.)",
    )


async def _noted(site: Site) -> list[Any]:
    """What each task in the queue was given."""
    queued = await site.tasks.queued()
    that(
        all(task.name == TASK for task in queued),
        f"There should be no other task than {TASK} in the queue.",
        actual=[task.name for task in queued],
    )
    return [(*task.args, *task.kwargs.values(), None)[0] for task in queued]


async def _author(site: Site) -> int:
    name = site.word()
    author: int = await site.add("blog.Author", name=name, email=f"{name}@newsroom.example")
    return author


def _titles(site: Site) -> list[str]:
    return [site.word() for _ in range(site.random.randint(3, 5))]


async def _print(site: Site, author: int, titles: list[str]) -> Answer:
    return await site.post("/blog/issues/", json={"author": author, "titles": titles})
