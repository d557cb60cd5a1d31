"""Only what is new

Write `news`, the page at `/blog/news/`. A reader says with `?after=` which article it saw last, and
is sent only the articles that came out after it:

`{"articles": [...], "latest": 104}`

- Oldest first, as on the front page. `latest` is the id to ask with the next time.
- Without `after`, all articles are sent.
- Nothing new: status **204** and an empty body.
- An `after` that isn't a whole number is the reader's mistake: status **400**.
- The newsroom may have started anew, as you saw, and count from 101 again. So a reader may ask with
  an id that was **not given out yet**. Send that reader everything, or it waits in vain.
"""

from typing import Any

from workbook_site.checking import Site, equal

FILE = "blog/views.py"
POINTS = 6
HINTS = [
    '`request.GET.get("after", "0")` is the text behind `?after=`, or `"0"` when there is none.',
    "`int(text)` raises `ValueError` for all that it can't read. That is the 400.",
    "Compare ids, not places in the list. The newest article's id is `store.ARTICLES[-1]['id']`.",
    "First look whether `after` is beyond the newest id; such a reader starts from nothing. "
    "Then choose the articles with `id > after`. If there are none: `HttpResponse(status=204)`.",
]
GIVEN = {"blog/urls.py": 'urlpatterns += [path("news/", views.news)]\n'}

PATH = "/blog/news/"
NEW = "An article is new to the reader when its id is greater than `after`."
RESTART = "Newer than that is nothing, and never will be. Such a reader has to start from nothing."


async def _published(site: Site, count: int) -> list[int]:
    """Publish so many articles; the ids of all there are."""
    for _ in range(count):
        await site.call("blog.store.add", site.word())
    return [article["id"] for article in await _all(site)]


async def _all(site: Site) -> list[dict[str, Any]]:
    articles: list[dict[str, Any]] = (await site.get("/blog/")).json()["articles"]
    return articles


async def _sends(site: Site, query: str, ids: list[int], nudge: str) -> None:
    """Asked this way, the page sends just these articles."""
    sent = (await site.get(PATH + query)).status(200, nudge).json()
    found = [article["id"] for article in sent["articles"]]
    equal(found, ids, f"{PATH}{query} sent other articles. These are their ids.", nudge)
    wanted = {article["id"]: article for article in await _all(site)}
    equal(sent["articles"], [wanted[number] for number in ids], "The articles are not whole.")
    newest = max(wanted)
    equal(sent["latest"], newest, "`latest` is not the id of the newest article.")


async def it_sends_everything_to_a_new_reader(site: Site) -> None:
    """Without `after`, all articles are sent, and `latest` is the id of the newest."""
    ids = await _published(site, site.number(2, 5))
    await _sends(site, "", ids, "Oldest first, as on the front page.")


async def it_sends_only_what_came_after(site: Site) -> None:
    """With `after`, only the articles that came out later are sent, oldest first."""
    ids = await _published(site, 6)
    for seen in site.random.sample(range(1, len(ids)), 3):
        await _sends(site, f"?after={ids[seen - 1]}", ids[seen:], NEW)


async def nothing_new_is_an_empty_answer(site: Site) -> None:
    """When nothing is new, the status is 204 and the body is empty."""
    ids = await _published(site, 2)
    nothing = "HttpResponse(status=204) is all that it takes."
    answer = (await site.get(f"{PATH}?after={ids[-1]}")).status(204, nudge=nothing)
    equal(answer.text, "", "A 204 has no body.", nudge=nothing)


async def who_follows_latest_misses_nothing(site: Site) -> None:
    """A reader who always asks with the last `latest` gets each article once."""
    latest: int = (await site.get(PATH)).status(200).json()["latest"]
    got, wanted = [], []
    for count in site.random.sample([1, 2, 3], 3):
        wanted += [(await site.call("blog.store.add", site.word()))["id"] for _ in range(count)]
        sent = (await site.get(f"{PATH}?after={latest}")).status(200).json()
        got += [article["id"] for article in sent["articles"]]
        latest = sent["latest"]
    equal(got, wanted, "The reader did not get each article once. These are their ids.", NEW)


async def a_reader_from_before_a_restart_gets_everything(site: Site) -> None:
    """An `after` that was not given out yet is from before a restart: everything is sent."""
    ids = await _published(site, 1)
    for after in (ids[-1] + 1, ids[-1] + site.number(10, 999)):
        await _sends(site, f"?after={after}", ids, RESTART)


async def nonsense_is_refused(site: Site) -> None:
    """An `after` that isn't a whole number gets status 400."""
    for nonsense in (site.word(), "1.5", "12x", "²"):
        answer = await site.get(f"{PATH}?after={nonsense}")
        answer.status(
            400, nudge=f"`{nonsense}` is not a whole number. Ask `int` whether it is one."
        )
