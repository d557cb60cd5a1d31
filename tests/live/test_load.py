"""Load from a process apart, on the outside services as a site that says what it saw."""

import asyncio
import re
import socket

import psutil
import pytest

from workbook_site.live.load import load
from workbook_site.services.upstream import Upstream


def test_so_many_requests_so_many_at_once(run):
    async def story():
        async with Upstream() as upstream:
            upstream.hold(5)  # answers nobody until five are there: it has to be five at once
            measured = await load(upstream.url + "/payments/", requests=15, at_once=5)
            return measured, upstream

    measured, upstream = run(story())
    assert (measured.requests, len(upstream.calls)) == (15, 15)
    assert upstream.most_in_flight == 5
    assert upstream.connections == 5
    assert measured.statuses == {200: 15}
    assert measured.ok
    assert 0 < measured.median <= measured.slowest <= measured.total
    assert measured.per_second == pytest.approx(15 / measured.total)


def test_bad_statuses_and_no_answers_are_told_apart(run):
    async def story():
        async with Upstream() as upstream:
            upstream.set("mail", fail_first=1)
            upstream.set("spam", disconnect=True)
            bad = await load(upstream.url + "/mail/", requests=3, at_once=9)
            none = await load(upstream.url + "/spam/", requests=2)
            return bad, none

    bad, none = run(story())
    assert bad.statuses == {503: 1, 200: 2}
    assert bad.at_once == 3
    assert not bad.ok
    assert none.errors == ["RemoteProtocolError"] * 2
    assert not none.ok
    assert none.median != none.median
    assert "2 × RemoteProtocolError" in repr(none)


def test_it_shows_itself_as_a_table(run):
    async def story():
        async with Upstream() as upstream:
            return await load(upstream.url + "/payments/", requests=2, at_once=1)

    measured = run(story())
    assert re.search(r"requests +2, 1 at once", repr(measured))
    assert "2 × 200" in measured._repr_html_()
    assert measured.table().rows[1][0] == 2
    assert "<table" in measured.table()._repr_html_()


def test_nobody_at_home_is_an_error_a_request(run):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/"
        measured = run(load(url, requests=3))
    assert measured.errors == ["ConnectError"] * 3
    assert "no answer" in repr(measured)


def test_an_interrupted_cell_leaves_no_process(run):
    async def story():
        others = set(psutil.Process().children(recursive=True))  # such as this worker's judge
        async with Upstream() as upstream:
            upstream.hold(99)
            loading = asyncio.create_task(load(upstream.url + "/a/", requests=1))
            await upstream.until(lambda: upstream.held == 1)
            working = [*set(psutil.Process().children(recursive=True)) - others]
            loading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await loading
            return working

    working = run(story())
    assert len(working) == 2
    assert not psutil.wait_procs(working, timeout=20)[1]


@pytest.mark.parametrize("counts", [{"requests": 0}, {"at_once": 0}, {"requests": 2.5}])
def test_a_count_that_is_none_is_named(run, counts):
    with pytest.raises(
        ValueError, match=f"{next(iter(counts))} is .*; it has to be a whole number"
    ):
        run(load("http://127.0.0.1:9/", **counts))
