"""Spans as a recording would have them, with times that a test can reckon with."""

from workbook_site.live.spans import Span


def request(start=0.0, end=1.0, name="GET /dashboard/", **kwargs):
    return Span("request", name, start, end, **kwargs)


def call(start, end, parent=None, name="GET /payments/", **kwargs):
    return Span("call", name, start, end, parent, **kwargs)


def query(start, end, parent=None, name="SELECT blog_post", **kwargs):
    return Span("query", name, start, end, parent, **kwargs)


def in_turn():
    page = request(0, 1.2)
    names = ("payments", "analytics", "weather")
    calls = [call(n * 0.4, n * 0.4 + 0.4, page, f"GET /{name}/") for n, name in enumerate(names)]
    return [page, *calls]


def together():
    page = request(0, 0.5)
    names = ("payments", "analytics", "weather")
    return [page, *(call(0.1, 0.4 + n / 100, page, f"GET /{n_}/") for n, n_ in enumerate(names))]


def n_plus_one(n=50):
    page = request(0, 1)
    return [
        page,
        query(0, 0.01, page),
        *(
            query(0.1 + i / n / 2, 0.1 + (i + 0.9) / n / 2, page, "SELECT auth_user")
            for i in range(n)
        ),
    ]
