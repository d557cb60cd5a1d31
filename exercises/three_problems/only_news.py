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


async def _published(site: Site, count: int) -> list[dict[str, object]]:
    """Publish so many articles; all articles there are."""
    for _ in range(count):
        await site.call("blog.store.add", site.word())
    articles: list[dict[str, object]] = (await site.get("/blog/")).json()["articles"]
    return articles


async def it_sends_everything_to_a_new_reader(site: Site) -> None:
    """Without `after`, all articles are sent, and `latest` is the id of the newest."""
    articles = await _published(site, site.number(2, 5))
    expected = {"articles": articles, "latest": articles[-1]["id"]}
    (await site.get(PATH)).status(200).json(expected)


async def it_sends_only_what_came_after(site: Site) -> None:
    """With `after`, only the articles that came out later are sent, oldest first."""
    articles = await _published(site, 6)
    for seen in site.random.sample(range(1, len(articles)), 3):
        answer = await site.get(PATH, params={"after": articles[seen - 1]["id"]})
        answer.status(200).json({"articles": articles[seen:], "latest": articles[-1]["id"]})


async def nothing_new_is_an_empty_answer(site: Site) -> None:
    """When nothing is new, the status is 204 and the body is empty."""
    articles = await _published(site, 2)
    answer = await site.get(PATH, params={"after": articles[-1]["id"]})
    answer.status(204)
    equal(answer.text, "", "A 204 has no body.", nudge="HttpResponse(status=204) is all of it.")


async def who_follows_latest_misses_nothing(site: Site) -> None:
    """A reader who always asks with the last `latest` gets each article once."""
    (await site.get(PATH)).status(200)
    latest, got, wanted = (await _published(site, 1))[-1]["id"], [], []
    for count in site.random.sample([1, 2, 3], 3):
        wanted += [(await site.call("blog.store.add", site.word()))["id"] for _ in range(count)]
        sent = (await site.get(PATH, params={"after": latest})).status(200).json()
        got += [article["id"] for article in sent["articles"]]
        latest = sent["latest"]
    equal(got, wanted, "The reader did not get each article once.")


async def a_reader_from_before_a_restart_gets_everything(site: Site) -> None:
    """An `after` that was not given out yet is from before a restart: everything is sent."""
    articles = await _published(site, 1)
    newest = articles[-1]["id"]
    for after in (newest + 1, newest + site.number(10, 999)):
        answer = await site.get(PATH, params={"after": after})
        answer.status(200).json({"articles": articles, "latest": newest})


async def nonsense_is_refused(site: Site) -> None:
    """An `after` that isn't a whole number gets status 400."""
    for nonsense in (site.word(), "1.5", "12x", "²"):
        (await site.get(PATH, params={"after": nonsense})).status(400)
