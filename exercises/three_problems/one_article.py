"""A page for each article

The front page lists all articles. Give each its own page: `/blog/101/` shows article 101 as JSON,
just as the front page has it. A number that no article has is **not found**: status 404.

The path is there already. Django turns the number in it into an `int` and hands it to your view.
"""

from workbook_site.checking import Site

FILE = "blog/views.py"
POINTS = 2
HINTS = [
    "The articles are dictionaries in `store.ARTICLES`. Look for the one whose `id` is the number.",
    "An id is not a place in the list: the first article of a fresh newsroom has the id 101.",
    "`next(... for ...)` raises `StopIteration` when nothing fits. Give it something to fall back "
    "on: `next((... for ...), None)`.",
    "`raise Http404` (from `django.http`) is Django's way to say that there is no such page. "
    "A response with `status=404` says the same.",
]
GIVEN = {"blog/urls.py": 'urlpatterns += [path("<int:number>/", views.one_article)]\n'}

THERE = "This article is there. What does your view compare its id with?"
NOT_THERE = "No article has this number. A list answers to more: its place -1 is the last."


async def each_article_has_its_page(site: Site) -> None:
    """Every article has a page of its own, with all that the front page knows of it."""
    articles = [await site.call("blog.store.add", site.word()) for _ in range(3)]
    site.random.shuffle(articles)
    for article in articles:
        (await site.get(f"/blog/{article['id']}/")).status(200, nudge=THERE).json(article)


async def other_numbers_are_not_found(site: Site) -> None:
    """A number that no article has is not found, be it near the others or far away."""
    newest = await site.call("blog.store.add", site.word())
    for number in (newest["id"] + 1, 100, 1, 0, newest["id"] + site.number(100, 999)):
        (await site.get(f"/blog/{number}/")).status(404, nudge=NOT_THERE)
