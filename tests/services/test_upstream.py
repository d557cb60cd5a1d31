"""The outside services, asked over real sockets by a real client."""

import asyncio
import contextlib
import json

import httpx
import pytest

from workbook_site.services.upstream import Behaviour, Limit, Upstream


@pytest.fixture
def talk(run):
    """Run `story(upstream, client)` against services of its own."""

    def talk(story, **kwargs):
        async def told():
            async with (
                Upstream(**kwargs) as upstream,
                httpx.AsyncClient(base_url=upstream.url, trust_env=False) as client,
            ):
                return await asyncio.wait_for(story(upstream, client), 30)

        return run(told())

    return talk


def test_any_name_is_a_service(talk):
    async def story(upstream, client):
        return [(await client.get(path)).json() for path in ("/payments/", "/nobody/7/?a=1&b=")]

    payments, nobody = talk(story)
    assert payments["service"] == "payments"
    assert payments["total"] > 0
    assert nobody == {"service": "nobody", "path": "/nobody/7/", "query": {"a": "1", "b": ""}}


def test_a_call_is_remembered_whole(talk):
    async def story(upstream, client):
        await client.post("/mail/send/?to=ada", json={"text": "hello"}, headers={"X-Id": "7"})
        return upstream.calls

    [call] = talk(story)
    assert (call.number, call.service, call.method) == (1, "mail", "POST")
    assert (call.path, call.query, call.json) == ("/mail/send/", {"to": "ada"}, {"text": "hello"})
    assert call.headers["x-id"] == "7"
    assert (call.status, call.cancelled, call.in_flight) == (200, False, 1)
    assert call.arrived <= call.left


def test_held_requests_are_let_go_together(talk):
    async def story(upstream, client):
        upstream.hold(3)
        for _ in range(2):  # the gate closes again behind them
            await asyncio.gather(*(client.get(f"/{name}/") for name in "abc"))
        return upstream

    upstream = talk(story)
    assert upstream.most_in_flight == 3
    assert sorted(call.in_flight for call in upstream.calls) == [1, 1, 2, 2, 3, 3]
    assert upstream.in_flight == 0


def test_one_after_the_other_never_meets_and_can_be_let_go(talk):
    async def story(upstream, client):
        upstream.hold(2)
        for _ in range(2):
            asking = asyncio.create_task(client.get("/payments/"))
            await upstream.until(lambda: upstream.held == 1)
            upstream.release()
            await asking
        return upstream.most_in_flight

    assert talk(story) == 1


def test_a_client_that_goes_away_is_noticed(talk):
    async def story(upstream, client):
        upstream.set("mail", hang=True)
        asking = asyncio.create_task(client.get("/mail/"))
        await upstream.until(lambda: upstream.in_flight == 1)
        asking.cancel()
        await upstream.until(lambda: upstream.in_flight == 0)
        return upstream.calls[0]

    call = talk(story)
    assert call.cancelled
    assert call.status is None


def test_a_held_request_that_is_given_up_is_held_no_more(talk):
    async def story(upstream, client):
        upstream.hold(2)
        asking = asyncio.create_task(client.get("/a/"))
        await upstream.until(lambda: upstream.held == 1)
        asking.cancel()
        await upstream.until(lambda: upstream.in_flight == 0)
        return upstream.held

    assert talk(story) == 0


def test_one_client_keeps_its_connection_and_many_do_not(talk):
    async def story(upstream, client):
        for _ in range(3):
            await client.get("/payments/")
        kept = upstream.connections
        for _ in range(3):
            async with httpx.AsyncClient(trust_env=False) as another:
                await another.get(upstream.url + "/payments/")
        return kept, upstream.connections

    assert talk(story) == (1, 4)


def test_failing_first_then_well(talk):
    async def story(upstream, client):
        upstream.set("mail", fail_first=2, reply=["sent"])
        return [await client.post("/mail/") for _ in range(3)]

    first, second, third = talk(story)
    assert (first.status_code, second.status_code, third.status_code) == (503, 503, 200)
    assert first.json()["error"]
    assert third.json() == ["sent"]


def test_a_status_and_a_reply_go_out_as_they_were_set(talk):
    async def story(upstream, client):
        upstream.set("mail", status=422, reply={"why": "no address"})
        return await client.post("/mail/")

    answer = talk(story)
    assert (answer.status_code, answer.json()) == (422, {"why": "no address"})


def test_hanging_up_without_an_answer(talk):
    async def story(upstream, client):
        upstream.set("payments", disconnect=True)
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/payments/")
        return upstream.calls[0]

    call = talk(story)
    assert (call.status, call.cancelled) == (None, False)


def test_more_than_it_can_do_at_once_is_refused(talk):
    async def story(upstream, client):
        upstream.set("search", at_once=2)
        upstream.hold(9)
        served = [asyncio.create_task(client.get("/search/")) for _ in range(2)]
        await upstream.until(lambda: upstream.held == 2)
        refused = await client.get("/search/")
        upstream.release()
        return refused, await asyncio.gather(*served)

    refused, served = talk(story)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert [answer.status_code for answer in served] == [200, 200]


def test_more_than_it_takes_a_second_is_refused_until_time_has_passed(talk):
    now = [100.0]

    async def story(upstream, client):
        upstream.set("payments", per_second=2)
        early = [(await client.get("/payments/")).status_code for _ in range(3)]
        now[0] += 1
        return early, (await client.get("/payments/")).status_code

    assert talk(story, clock=lambda: now[0]) == ([200, 200, 429], 200)


def test_a_limit_is_a_window_that_slides():
    limit = Limit()
    assert [limit.wait(2, at) for at in (0.0, 0.5)] == [0, 0]
    assert limit.wait(2, 0.75) == 0.25
    assert limit.wait(2, 1.0) == 0
    assert limit.wait(2, 1.25) == 0.25


def test_latency_is_slept_in_the_time_that_was_given(talk):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    async def story(upstream, client):
        upstream.set("payments", "analytics", latency=4.5)
        await client.get("/payments/")
        await client.get("/weather/")

    talk(story, sleep=sleep, latency=0.25)
    assert slept == [4.5, 0.25]


def test_setting_all_of_them_reaches_those_that_were_set_before(talk):
    async def story(upstream, client):
        upstream.set("mail", status=503)
        upstream.set(latency=2)
        return upstream.behaviour("mail"), upstream.behaviour("weather")

    mail, weather = talk(story)
    assert (mail.latency, mail.status) == (2, 503)
    assert (weather.latency, weather.status) == (2, 200)


def test_a_reset_hangs_up_on_those_who_wait_and_forgets(talk):
    async def story(upstream, client):
        upstream.set(hang=True)
        before = upstream.recorder
        asking = asyncio.create_task(client.get("/payments/"))
        await upstream.until(lambda: upstream.in_flight == 1)
        upstream.reset()
        with pytest.raises(httpx.HTTPError):
            await asking
        await upstream.until(lambda: before.in_flight == 0)
        await client.get("/payments/")
        return [call.number for call in upstream.calls], upstream.most_in_flight

    assert talk(story) == ([1], 1)


def test_closing_hangs_up_on_those_who_wait(talk):
    async def story(upstream, client):
        upstream.set(hang=True)
        asking = asyncio.create_task(client.get("/payments/"))
        await upstream.until(lambda: upstream.in_flight == 1)
        return asking

    with contextlib.suppress(asyncio.CancelledError, httpx.HTTPError):
        talk(story)


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"latecny": 1}, "no 'latecny'. Did you mean 'latency'? It has: latency, status"),
        ({"latency": -1}, "latency=-1 is not a number of seconds, 0 or more."),
        ({"latency": float("nan")}, "latency=nan is not"),
        ({"status": True}, "status=True is not an HTTP status"),
        ({"status": 99}, "status=99 is not"),
        ({"reply": {1, 2}}, "is not a value that JSON can carry"),
        ({"hang": 1}, "hang=1 is not True or False"),
        ({"at_once": 0}, "at_once=0 is not a count above 0, or None"),
        ({"per_second": 0.5}, "per_second=0.5 is not a count"),
        ({"fail_first": -1}, "fail_first=-1 is not a count"),
    ],
)
def test_a_bad_knob_is_named_with_what_it_may_be(knobs, said):
    with pytest.raises((TypeError, ValueError)) as caught:
        Behaviour().changed(**knobs)
    assert said in str(caught.value)


def test_a_bad_knob_changes_nothing(talk):
    async def story(upstream, client):
        with pytest.raises(ValueError, match="status"):
            upstream.set("mail", latency=1, status=7)
        return upstream.behaviour("mail")

    assert talk(story).latency == 0


def test_nobody_sets_the_judges_services_over_http(talk):
    async def story(upstream, client):
        set_ = {"services": ["mail"], "knobs": {"status": 503}}
        await client.post("/_control/set", json=set_)
        return upstream.behaviour("mail"), upstream.calls[0].service

    behaviour, service = talk(story)
    assert behaviour.status == 200
    assert service == "_control"


def test_head_and_close_and_nonsense(talk):
    async def story(upstream, client):
        head = await client.head("/weather/")
        close = await client.get("/weather/", headers={"Connection": "close"})
        reader, writer = await asyncio.open_connection(*upstream.url[7:].split(":"))
        writer.write(b"this is not HTTP\r\n\r\n")
        nonsense = await reader.read()
        writer.close()
        return head, close, nonsense

    head, close, nonsense = talk(story)
    assert head.content == b""
    assert close.json()["service"] == "weather"
    assert nonsense.startswith(b"HTTP/1.1 400")
    assert json.loads(nonsense.split(b"\r\n\r\n")[1])["error"]


def test_a_behaviour_reads_as_words():
    assert str(Behaviour()) == "0.3 s"
    odd = Behaviour(0, 503, None, True, True, 2, 3, 4)
    assert str(odd) == (
        "0 s, status 503, hangs, hangs up, fails the first 2, at most 3 at once, at most 4 a second"
    )
