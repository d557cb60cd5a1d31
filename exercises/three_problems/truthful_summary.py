"""A summary that tells the truth

Three services this time: `payments`, `analytics` and `subscribers`. Write `summary`, the page at
`/dashboard/summary/`, so that one service's bad day stays its own. The page says what it knows, and
what it doesn't:

`{"figures": {"payments": {...}, "subscribers": {...}}, "missing": ["analytics"]}`

- `figures` has the answer of each service that gave one, unchanged.
- `missing` lists the others, in the order above.
- Status 200 as long as there is a figure to show. With none at all it is 503, and the JSON is made
  the same way.
"""

from workbook_site.checking import Site

FILE = "dashboard/views.py"
POINTS = 5
HINTS = [
    "The `try` belongs around one service, not around all three. A loop helps.",
    "Let `ask` raise, and catch `httpx.HTTPError` where it is called: a lost connection is one, "
    "and so is a bad status.",
    "Whether a service answered is one question, what it answered is another: `0` is an answer.",
    "`JsonResponse(data, status=503)` sets the status.",
]
GIVEN = {"dashboard/urls.py": 'urlpatterns += [path("summary/", views.summary)]\n'}

SERVICES = ("payments", "analytics", "subscribers")
PATH = "/dashboard/summary/"
ANSWERED = "Whether a service answered is one question, what it answered is another."
TRUE = "The services that answered are known still. Only the one that failed is missing."


def _replies(site: Site) -> dict[str, dict[str, int]]:
    """Make each service answer something that nobody can guess."""
    replies = {name: {site.word(): site.number()} for name in SERVICES}
    for name, reply in replies.items():
        site.upstream.reply(name, reply)
    return replies


async def _one_is_missing(site: Site, replies: dict[str, dict[str, int]], missing: str) -> None:
    answer = (await site.get(PATH)).status(200, nudge=TRUE)
    figures = {name: reply for name, reply in replies.items() if name != missing}
    answer.json({"figures": figures, "missing": [missing]}, nudge=TRUE)


async def it_shows_what_all_three_said(site: Site) -> None:
    """When all is well, the page has what all three services said, and nothing is missing."""
    replies = _replies(site)
    (await site.get(PATH)).status(200).json({"figures": replies, "missing": []})


async def an_error_is_not_a_figure(site: Site) -> None:
    """A service that answers with an error is missing. The others are shown."""
    for broken in site.random.sample(SERVICES, 3):
        replies = _replies(site)
        status = site.random.choice([404, 429, 500, 502, 503])
        site.upstream.reply(broken, {"error": site.word()}, status=status)
        await _one_is_missing(site, replies, broken)


async def a_lost_connection_is_survived(site: Site) -> None:
    """A service that hangs up without an answer is missing. The others are shown."""
    for broken in site.random.sample(SERVICES, 3):
        replies = _replies(site)
        site.upstream.fail(broken, "disconnect")
        await _one_is_missing(site, replies, broken)
        site.upstream.recover(broken)


async def nothing_is_an_answer_too(site: Site) -> None:
    """A service may answer 0, or an empty list. That is an answer, and nothing is missing."""
    replies = {"payments": 0, "analytics": [], "subscribers": {}}
    for name, reply in replies.items():
        site.upstream.reply(name, reply)
    answer = (await site.get(PATH)).status(200, nudge=ANSWERED)
    answer.json({"figures": replies, "missing": []}, nudge=ANSWERED)


async def nobody_answers(site: Site) -> None:
    """When no service answers, the page says so with status 503."""
    for name in SERVICES:
        site.upstream.fail(name, site.random.choice([500, 503, "disconnect"]))
    (await site.get(PATH)).status(503).json({"figures": {}, "missing": list(SERVICES)})
