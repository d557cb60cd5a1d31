"""`site.get` and its like: what comes back, and what a failure says."""

import sys

import pytest

from workbook_site.checking import Failure

VIEWS = """
async def hello(request):
    return JsonResponse({"hello": request.GET.get("name", "world"), "list": [1, True]})

def echo(request):
    response = HttpResponse(request.body, content_type="text/plain")
    response["X-Method"] = request.method
    return response

async def broken(request):
    return JsonResponse({"total": {}["total"]})

async def forgot(request):
    return hello(request)

async def coroutine(request):
    return JsonResponse({"page": asyncio.sleep(0)})

def data(request):
    return {"total": 3}

async def text(request):
    return "hello"

def first_of_none(request):
    return JsonResponse(next(each for each in [] if each))

async def first_of_none_async(request):
    return first_of_none(request)

def headers(request):
    return JsonResponse({name.lower(): value for name, value in request.headers.items()})

def error(request):
    return HttpResponse("busy", status=503)

def packed(request):
    import gzip
    body = gzip.compress(b"long " * int(request.GET["n"]))
    return HttpResponse(body, headers={"Content-Encoding": "gzip"}, content_type="text/plain")

def garbled(request):
    return HttpResponse(b"plain", headers={"Content-Encoding": "gzip"})
"""


@pytest.fixture
def asked(ask, views):
    return lambda check: ask(views(VIEWS), check)


def failure(asked, check):
    with pytest.raises(Failure) as raised:
        asked(check)
    return raised.value


def test_a_right_answer_goes_through_the_whole_chain(asked):
    async def check(site):
        answer = await site.get("/hello/", params={"name": "Ada"})
        answer.status(200).contains("Ada", "hello").lacks("Bob")
        assert answer.header("content-type", "application/json") == "application/json"
        assert answer.json({"hello": "Ada", "list": [1, True]})["list"][0] == 1

    asked(check)


def test_data_and_methods_reach_the_project(asked):
    async def check(site):
        answer = await site.post("/echo/", json={"a": 1})
        assert answer.json({"a": 1}) == {"a": 1}
        assert answer.header("x-method") == "POST"
        (await site.request("PUT", "/echo/", content=b"raw")).contains("raw")
        (await site.post("/echo/", data={"a": "b"})).contains("a=b")
        (await site.post("/echo/", csrf=False)).status(403)

    asked(check)


def test_the_project_does_not_see_how_it_is_watched(asked):
    async def check(site):
        seen = (await site.get("/headers/", headers={"x-own": "1"})).json()
        assert seen["x-own"] == "1"
        assert not any("judge" in name for name in seen)

    asked(check)


def test_another_status_is_told_with_both(asked):
    found = failure(asked, lambda site: _status(site, "/error/", 200))
    assert found.message == "GET /error/ answered 503 Service Unavailable, not 200 OK."
    assert (found.expected, found.actual) == (200, 503)


def test_an_unknown_path_nudges_to_the_routes(asked):
    found = failure(asked, lambda site: _status(site, "/nowhere/", 200))
    assert "urls.py" in found.nudge


def test_the_learners_own_exception_is_shown_with_its_line(asked):
    found = failure(asked, lambda site: _status(site, "/broken/", 200))
    assert found.message == "Your code raised KeyError: 'total'"
    assert found.actual.startswith("mysite/urls.py, line ")
    assert '{}["total"]' in found.actual
    assert "site-packages" not in found.traceback
    assert "in broken" in found.traceback


def test_a_page_that_is_expected_to_fail_may_fail(asked):
    asked(lambda site: _status(site, "/broken/", 500))


@pytest.mark.parametrize("path", ["/forgot/", "/coroutine/"])
def test_a_forgotten_await_is_recognised(asked, path):
    assert "await" in failure(asked, lambda site: _status(site, path, 200)).nudge


@pytest.mark.parametrize(("path", "kind"), [("/data/", "dict"), ("/text/", "str")])
def test_a_view_that_returns_no_response_is_recognised(asked, path, kind):
    found = failure(asked, lambda site: _status(site, path, 200))
    assert found.nudge.endswith(f"Did one return a plain {kind}?")


@pytest.mark.parametrize("path", ["/first_of_none/", "/first_of_none_async/"])
def test_a_next_that_finds_nothing_is_recognised_even_where_it_gets_lost(asked, path):
    """Older Pythons can't hand a StopIteration from a thread to the loop, and wait for ever."""
    assert "next(..., None)" in failure(asked, lambda site: _status(site, path, 200)).nudge


async def _status(site, path, expected):
    (await site.get(path)).status(expected)


def test_other_data_is_told_with_both(asked):
    async def check(site):
        (await site.get("/hello/")).json({"hello": "world", "list": [1, 1]})

    found = failure(asked, check)
    assert found.expected == {"hello": "world", "list": [1, 1]}
    assert found.actual == {"hello": "world", "list": [1, True]}


def test_looking_up_what_the_data_lacks_is_a_failure_of_the_answer(asked):
    async def check(site):
        (await site.get("/hello/")).json()["total"]

    found = failure(asked, check)
    assert found.message == "The data has no 'total'."
    assert found.actual == ["hello", "list"]


def test_a_page_that_is_no_json_is_shown(asked):
    async def check(site):
        (await site.post("/echo/", content=b"<b>page</b>")).json()

    assert failure(asked, check).actual == "<b>page</b>"


def test_an_error_page_is_told_by_its_error_not_by_what_it_lacks(asked):
    async def check(site):
        (await site.get("/broken/")).contains("total:")

    assert "KeyError" in failure(asked, check).message


def test_contents_and_headers_that_are_wrong(asked):
    async def contains(site):
        (await site.get("/hello/")).contains("nothing like it")

    async def lacks(site):
        (await site.get("/hello/")).lacks("world")

    async def header(site):
        (await site.get("/hello/")).header("x-none")

    assert failure(asked, contains).expected == "nothing like it"
    assert "world" in failure(asked, lacks).actual
    assert "x-none" in failure(asked, header).message


def test_a_packed_page_is_unpacked_as_far_as_anybody_would_look(asked):
    async def small(site):
        assert (await site.get("/packed/", params={"n": 1_000})).text == "long " * 1_000

    async def bomb(site):
        await site.get("/packed/", params={"n": 10_000_000})

    async def garbled(site):
        await site.get("/garbled/")

    asked(small)
    assert "more than 16 MB" in failure(asked, bomb).message
    assert "can't be unpacked" in failure(asked, garbled).message


def test_inputs_are_the_same_again_for_the_same_seed_only(court, views):
    from tests.conftest import over_the_starter

    judge, run = court

    async def draw(seed):
        async with judge.site(over_the_starter(views(VIEWS)), seed=seed) as site:
            return site.word(), site.number(), site.number(1, 10**9)

    async def draws():
        return [await draw(seed) for seed in (1, 1, 2)]

    first, again, other = run(draws())
    assert first == again
    assert first != other


def test_a_connection_searches_for_no_library(asked, monkeypatch):
    """httpx looks for one that may be missing each time, all over the disk."""
    searched = []

    class Spy:
        @staticmethod
        def find_spec(name, path=None, target=None):
            searched.append(name)

    async def check(site):
        await site.get("/hello/")
        monkeypatch.setattr(sys, "meta_path", [Spy, *sys.meta_path])
        for _ in range(3):
            await site.get("/hello/")

    asked(check)
    assert searched == []
