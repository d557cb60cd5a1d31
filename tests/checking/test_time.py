"""Virtual time and quiet: nothing waits for real, and everything comes out in the right order."""

import pytest

from workbook_site.checking import Failure

VIEWS = """
UP = settings.UPSTREAM_URL

async def sleepy(request):
    await asyncio.sleep(30)
    return JsonResponse({})

async def steps(request):
    seen = []
    async def step(name, seconds):
        await asyncio.sleep(seconds)
        seen.append(name)
    await asyncio.gather(step("late", 3), step("early", 1), step("middle", 2))
    return JsonResponse(seen, safe=False)

async def together(request):
    async with httpx.AsyncClient() as client:
        found = await asyncio.gather(*(client.get(f"{UP}/s{n}/") for n in range(3)))
    return JsonResponse({"got": [each.status_code for each in found]})

async def in_turn(request):
    async with httpx.AsyncClient() as client:
        found = [await client.get(f"{UP}/s{n}/") for n in range(3)]
    return JsonResponse({"got": [each.status_code for each in found]})

async def limited(request):
    try:
        async with httpx.AsyncClient(timeout=2) as client:
            await client.get(f"{UP}/payments/")
    except httpx.TimeoutException:
        return JsonResponse({"gave_up": True})
    return JsonResponse({"gave_up": False})

async def patient(request):
    async with httpx.AsyncClient(timeout=None) as client:
        await client.get(f"{UP}/payments/")
    return JsonResponse({})

async def stuck(request):
    await asyncio.Event().wait()

async def hour(request):
    await asyncio.sleep(3600)

async def blocking(request):
    time.sleep(5)
    return JsonResponse({})

async def blocking_call(request):
    return JsonResponse(httpx.get(f"{UP}/payments/", timeout=None).json())

async def blocking_wait(request):
    threading.Event().wait()

def sync_sleep(request):
    time.sleep(20)
    return JsonResponse({})

def sync_call(request):
    return JsonResponse(httpx.get(f"{UP}/payments/", timeout=None).json())

def threads(request):
    done = []
    work = [threading.Thread(target=lambda n=n: (time.sleep(n), done.append(n))) for n in (3, 1)]
    for each in work: each.start()
    for each in work: each.join()
    return JsonResponse(done, safe=False)

async def in_threads(request):
    from asgiref.sync import sync_to_async
    call = sync_to_async(lambda: httpx.get(f"{UP}/a/").status_code, thread_sensitive=False)
    return JsonResponse(await asyncio.gather(call(), call()), safe=False)

def spin(request):
    end = time.monotonic() + 0.05
    while time.monotonic() < end: pass
    return JsonResponse({})

background = set()
ticks = []

async def tick():
    for _ in range(10):
        await asyncio.sleep(15)
        ticks.append(len(ticks))

async def begin(request):
    background.add(asyncio.create_task(tick()))
    return JsonResponse({})

async def count(request):
    return JsonResponse(len(ticks), safe=False)
"""


@pytest.fixture
def asked(ask, views):
    return lambda check: ask(views(VIEWS), check)


def failure(asked, path):
    async def check(site):
        await site.get(path)

    with pytest.raises(Failure) as raised:
        asked(check)
    return raised.value


@pytest.mark.parametrize(
    ("path", "seconds"), [("/sleepy/", 30), ("/steps/", 3), ("/sync_sleep/", 20), ("/threads/", 3)]
)
def test_sleeping_takes_virtual_time_only(asked, path, seconds):
    async def check(site):
        assert (await site.get(path)).status(200).waited == pytest.approx(seconds)

    asked(check)


def test_timers_fire_in_their_order(asked):
    async def check(site):
        (await site.get("/steps/")).json(["early", "middle", "late"])

    asked(check)


def test_an_upstream_that_is_slow_shows_who_asks_together(asked):
    async def check(site):
        site.upstream.set(latency=0.5)
        assert (await site.get("/together/")).status(200).waited == pytest.approx(0.5)
        assert (await site.get("/in_turn/")).status(200).waited == pytest.approx(1.5)

    asked(check)


@pytest.mark.parametrize(("path", "most"), [("/together/", 3), ("/in_turn/", 1)])
def test_holding_shows_how_many_are_in_flight_together(asked, path, most):
    async def check(site):
        site.upstream.hold(3)
        (await site.get(path)).json({"got": [200, 200, 200]})
        assert site.upstream.most_in_flight == most
        assert [call.in_flight for call in site.upstream.calls] == (
            [1, 2, 3] if most == 3 else [1, 1, 1]
        )

    asked(check)


def test_calls_from_threads_are_held_alike(asked):
    async def check(site):
        site.upstream.hold(2)
        (await site.get("/in_threads/")).json([200, 200])
        assert site.upstream.most_in_flight == 2
        site.upstream.reset()
        site.upstream.hold(3)  # more than ever come: let go when nothing else goes on
        (await site.get("/in_threads/")).json([200, 200])
        assert site.upstream.most_in_flight == 2

    asked(check)


def test_a_time_limit_is_reached_without_waiting(asked):
    async def check(site):
        site.upstream.hang("payments")
        answer = await site.get("/limited/")
        assert answer.json({"gave_up": True})
        assert answer.waited == pytest.approx(2)
        await site.quiet()
        assert site.upstream.calls[0].cancelled
        site.upstream.recover("payments")
        (await site.get("/limited/")).json({"gave_up": False})

    asked(check)


def test_a_service_that_fails_or_hangs_up(asked):
    async def check(site):
        site.upstream.fail("s1", 503)
        (await site.get("/together/")).json({"got": [200, 503, 200]})
        site.upstream.fail("s1", "disconnect")
        with pytest.raises(Failure, match="RemoteProtocolError"):
            (await site.get("/together/")).status(200)

    asked(check)


def test_what_nothing_will_ever_wake_is_told_with_its_line(asked):
    found = failure(asked, "/stuck/")
    assert "still waiting to answer GET /stuck/" in found.message
    assert "asyncio.Event().wait()" in found.actual


def test_a_service_that_hangs_and_nobody_gives_up(asked):
    async def check(site):
        site.upstream.hang("payments")
        await site.get("/patient/")

    with pytest.raises(Failure, match="nothing will ever wake it"):
        asked(check)


def test_an_hour_is_too_long(asked):
    assert "3600 (virtual) seconds" in failure(asked, "/hour/").message


def test_a_sleep_that_blocks_everybody_is_told_from_one_that_does_not(asked):
    async def check(site):
        (await site.get("/sleepy/")).status(200)
        (await site.get("/sync_sleep/")).status(200)
        assert site.blocked == 0
        answer = (await site.get("/blocking/")).status(200)
        assert site.blocked == pytest.approx(5)
        assert answer.waited == pytest.approx(5)

    asked(check)


def test_a_call_that_blocks_everybody_is_never_two_at_once(asked):
    async def check(site):
        site.upstream.hold(2)
        visits = [site.get("/blocking_call/") for _ in range(2)]
        for answer in await site.together(*visits):
            answer.status(200)
        assert site.upstream.most_in_flight == 1
        assert site.blocked == 0

    asked(check)


def test_a_call_that_blocks_everybody_takes_everybodys_time(asked):
    async def check(site):
        site.upstream.set("payments", latency=4)
        answer = (await site.get("/blocking_call/")).status(200)
        assert answer.waited == pytest.approx(4)
        assert site.blocked == pytest.approx(4)

    asked(check)


@pytest.mark.parametrize("path", ["/blocking_call/", "/blocking_wait/"])
def test_a_loop_that_stands_still_for_ever_is_told_with_its_line(asked, path):
    async def check(site):
        site.upstream.hang("payments")
        await site.get(path)

    with pytest.raises(Failure, match="nothing will ever wake it") as raised:
        asked(check)
    assert raised.value.actual.startswith("mysite/urls.py, line ")
    assert "httpx.get" in raised.value.actual or "wait()" in raised.value.actual


def test_a_sync_view_may_call_a_slow_service(asked):
    async def check(site):
        site.upstream.reply("payments", {"total": 3})
        site.upstream.set("payments", latency=4)
        answer = await site.get("/sync_call/")
        answer.json({"total": 3})
        assert answer.waited == pytest.approx(4)

    asked(check)


def test_code_that_spins_on_the_clock_ends(asked):
    async def check(site):
        (await site.get("/spin/")).status(200)

    asked(check)


def test_advance_lets_each_timer_on_the_way_fire(asked):
    async def check(site):
        (await site.get("/begin/")).status(200)
        await site.advance(100)
        (await site.get("/count/")).json(6)
        assert site.now == pytest.approx(100)

    asked(check)


def test_several_requests_at_once_share_the_time(asked):
    async def check(site):
        answers = await site.together(*(site.get("/sleepy/") for _ in range(5)))
        assert [answer.code for answer in answers] == [200] * 5
        assert site.now == pytest.approx(30)

    asked(check)


def test_the_first_failure_of_several_ends_the_rest(asked):
    async def check(site):
        await site.together(site.get("/stuck/"), site.get("/sleepy/"))

    with pytest.raises(Failure, match="still waiting"):
        asked(check)
