"""What a learner sees of an answer."""

import datetime

import httpx
import pytest

from workbook_site.live.answer import SHOWN, Answer

# The parts of Django's debug page that matter here, in its own layout.
CRASH = """<title>KeyError at /shop/</title> You're seeing this because <code>DEBUG = True</code>
<textarea id="traceback_area">
Environment:

Traceback (most recent call last):
  File "/lib/django/core/handlers/base.py", line 253, in _get_response_async
    response = await wrapped_callback(
               ^^^^^^^^^^^^^^^^^^^^^^^
  File "/home/ada/newsroom/shop/views.py", line 7, in shop
    return prices[&quot;tea&quot;]
           ~~~~~~^^^^^^^

Exception Type: KeyError at /shop/
Exception Value: &#x27;tea&#x27;
</textarea>"""


def answer(body="", status=200, kind="text/html; charset=utf-8", path="/shop/?page=2", **options):
    request = httpx.Request("GET", f"http://127.0.0.1:9000{path}")
    content = body if isinstance(body, bytes) else body.encode()
    headers = {"content-type": kind, "x-told": "yes"}
    response = httpx.Response(status, content=content, headers=headers, request=request)
    response.elapsed = datetime.timedelta(seconds=0.25)
    return Answer.of(response, **options)


def test_it_is_the_response_that_it_was():
    got = answer('{"a": 1}', kind="application/json")
    assert isinstance(got, httpx.Response)
    assert got.json() == {"a": 1}
    assert got.headers["x-told"] == "yes"
    assert got.raise_for_status() is got


def test_what_was_asked_and_what_came():
    told = repr(answer("<p>tea</p>"))
    assert told == "GET /shop/?page=2 → 200 OK (text/html, 10 bytes, 0.250 s)\n<p>tea</p>"


def test_json_is_laid_out_and_broken_json_is_shown_as_it_is():
    assert answer('{"a":["é"]}', kind="application/json").shown == '{\n  "a": [\n    "é"\n  ]\n}'
    assert answer('{"a":', kind="application/json").shown == '{"a":'


@pytest.mark.parametrize(
    ("body", "kind", "shown"),
    [
        ("", "text/html", "(no body)"),
        (b"\x89PNG\0\0", "image/png", "(6 bytes that are no text)"),
        ("x" * (SHOWN + 5), "text/plain", "x" * SHOWN + "\n… 5 characters more in `.text`"),
    ],
)
def test_bodies_that_are_not_simply_text(body, kind, shown):
    assert answer(body, kind=kind).shown == shown


def test_in_a_notebook_it_is_escaped_and_its_headers_are_folded():
    told = answer("<script>alert(1)</script>")._repr_html_()
    assert "<script>" not in told
    assert "&lt;script&gt;" in told
    assert "<details><summary" in told
    assert "x-told: yes" in told
    assert "404 Not Found" in answer(status=404)._repr_html_()


def test_a_status_that_nobody_knows():
    assert "→ 299 (" in repr(answer(status=299))


def test_a_crash_is_told_in_the_learners_lines():
    got = answer(CRASH, status=500, folder="/home/ada/newsroom")
    assert got.shown == (
        '  File "shop/views.py", line 7, in shop\n'
        '    return prices["tea"]\n'
        "           ~~~~~~^^^^^^^\n"
        "KeyError: 'tea'"
    )


CHAIN = """You're seeing this because <code>DEBUG = True</code>
<textarea>Traceback (most recent call last):
  File "/lib/django/related.py", line 229, in __get__
    rel_obj = self.field.get_cached_value(instance)

During handling of the above exception ('author'), another exception occurred:
  File "/home/ada/newsroom/shop/views.py", line 7, in shop
    post.author

During handling of the above exception (no author), another exception occurred:
  File "/lib/django/asyncio.py", line 24, in inner
    raise SynchronousOnlyOperation(message)

Exception Type: SynchronousOnlyOperation at /shop/
Exception Value: not here
</textarea>"""


def test_of_a_chain_only_what_the_learner_had_a_part_in_is_told():
    got = answer(CHAIN, status=500, folder="/home/ada/newsroom")
    assert got.shown.splitlines() == [
        '  File "shop/views.py", line 7, in shop',
        "    post.author",
        "During handling of the above exception (no author), another exception occurred:",
        "SynchronousOnlyOperation: not here",
    ]


def test_a_page_that_was_not_found_names_the_routes_that_were_tried():
    page = (
        "<title>Page not found at /x/</title>DEBUG = True<ol><li><code>admin/</code></li>"
        "<li><code>shop/</code> <code>[name='shop']</code></li></ol>"
    )
    assert answer(page, status=404).shown.splitlines() == [
        "Page not found at /x/",
        "Django tried these routes, in this order:",
        "  admin/",
        "  shop/ [name='shop']",
    ]
