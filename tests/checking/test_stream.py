"""`site.stream`: server-sent events as they come, and the client going away."""

import pytest

from workbook_site.checking import Failure

VIEWS = """
ends = []

async def ticker():
    try:
        yield ": welcome\\n\\n"
        for number in range(3):
            await asyncio.sleep(15)
            yield f"id: {number}\\nevent: tick\\ndata: {json.dumps({'n': number})}\\n\\n"
        yield "data: one\\ndata: two\\nretry: 500\\n\\n"
        if forever:
            await asyncio.Event().wait()
    finally:
        ends.append("end")

forever = True

async def events(request):
    return StreamingHttpResponse(ticker(), content_type="text/event-stream")

async def some(request):
    async def lines():
        yield "first\\n"
        yield "\\nsecond\\n"
    return StreamingHttpResponse(lines(), content_type="text/plain")

async def fails(request):
    async def lines():
        yield "first\\n"
        raise KeyError("second")
    return StreamingHttpResponse(lines(), content_type="text/plain")

async def ended(request):
    return JsonResponse(ends, safe=False)
"""


@pytest.fixture
def asked(ask, views):
    return lambda check: ask(views(VIEWS), check)


def test_events_come_one_by_one_in_virtual_time(asked):
    async def check(site):
        async with site.stream("/events/") as stream:
            stream.status(200).header("content-type", "text/event-stream")
            for number in range(3):
                event = await stream.event()
                assert (event.event, event.id, event.json({"n": number})["n"]) == (
                    "tick",
                    str(number),
                    number,
                )
                assert site.now == pytest.approx(15 * (number + 1))
            last = await stream.event()
            assert (last.data, last.event, last.retry) == ("one\ntwo", "message", 500)
            await stream.nothing()

    asked(check)


def test_leaving_the_block_is_a_client_that_goes_away(asked):
    async def check(site):
        async with site.stream("/events/") as stream:
            assert await stream.line() == ": welcome"
            (await site.get("/ended/")).json([])
        await site.quiet()
        (await site.get("/ended/")).json(["end"])

    asked(check)


def test_an_event_that_never_comes(asked):
    async def check(site):
        async with site.stream("/events/") as stream:
            for _ in range(5):
                await stream.event()

    with pytest.raises(Failure, match="still waiting with an event of GET /events/"):
        asked(check)


def test_a_stream_that_ends(asked):
    async def check(site):
        async with site.stream("/some/") as stream:
            assert [await stream.line(), await stream.line()] == ["first", "second"]
            await stream.end()
            with pytest.raises(Failure, match="ended, where a line was due"):
                await stream.line()

    asked(check)


def test_what_comes_where_nothing_is_due(asked):
    async def check(site):
        async with site.stream("/some/") as stream:
            with pytest.raises(Failure, match="where nothing was due"):
                await stream.nothing()
            assert await stream.line() == "first"
            with pytest.raises(Failure, match="did not end"):
                await stream.end()

    asked(check)


def test_another_status(asked):
    async def check(site):
        async with site.stream("/none/") as stream:
            stream.status(200)

    with pytest.raises(Failure, match="404"):
        asked(check)


def test_a_stream_that_breaks_is_told_by_what_broke_it(asked):
    async def check(site):
        async with site.stream("/fails/") as stream:
            assert await stream.line() == "first"
            await stream.line()

    with pytest.raises(Failure, match="Your code raised KeyError: 'second'"):
        asked(check)


def test_an_answer_that_breaks_is_told_by_what_broke_it(asked):
    with pytest.raises(Failure, match="Your code raised KeyError: 'second'"):
        asked(lambda site: site.get("/fails/"))


def test_waiting_for_quiet_and_for_an_answer_at_once(asked):
    async def check(site):
        async with site.stream("/events/") as stream:
            await stream.line()
            silence = [stream.nothing(), site.quiet(), site.quiet(), site.get("/ended/")]
            await site.together(*silence)

    asked(check)
