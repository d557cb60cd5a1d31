"""`site.upstream` from a cell: the services run in a process of their own."""

import concurrent.futures
import os
import signal

import httpx
import psutil
import pytest

from workbook_site.live.upstream import Outside


@pytest.fixture(scope="module")
def running():
    with Outside.start(wait=False) as outside:
        yield outside


@pytest.fixture
def outside(running):
    running.reset()
    running.set(latency=0)
    return running


def get(outside, path):
    return httpx.get(outside.url + path, trust_env=False)


def test_what_is_set_is_how_it_answers(outside):
    outside.set("payments", reply={"total": 7}, status=201)
    answer = get(outside, "/payments/")
    assert (answer.status_code, answer.json()) == (201, {"total": 7})
    assert outside["payments"].behaviour.status == 201


def test_it_says_what_it_was_asked(outside):
    get(outside, "/payments/?month=5")
    get(outside, "/mail/")
    assert [(call.service, call.query) for call in outside.calls] == [
        ("payments", {"month": "5"}),
        ("mail", {}),
    ]
    assert (outside.in_flight, outside.most_in_flight, outside.connections) == (0, 1, 2)
    assert len(outside["mail"].calls) == outside["mail"].most_in_flight == 1
    assert outside["mail"].in_flight == 0


def test_held_requests_meet(outside):
    outside.hold(3)
    with concurrent.futures.ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda name: get(outside, f"/{name}/"), "abc"))
    assert outside.most_in_flight == 3


def test_reset_frees_whoever_hangs(outside):
    outside.set("mail", hang=True)
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        asking = threads.submit(get, outside, "/mail/")
        while outside.in_flight == 0:
            pass
        outside.reset()
        assert isinstance(asking.exception(30), httpx.HTTPError)


def test_a_bad_knob_raises_where_it_was_written(outside):
    with pytest.raises(TypeError, match="Did you mean 'latency'"):
        outside.set("payments", latecny=1)
    with pytest.raises(ValueError, match="latency=-1"):
        outside.set("payments", latency=-1)


def test_it_shows_itself_as_a_table(outside):
    outside.set("payments", latency=0.4, hang=True)
    get(outside, "/<b>/")
    shown = repr(outside)
    assert outside.url in shown
    assert "payments   0.4 s, hangs  0      0          0" in shown
    page = outside._repr_html_()
    assert '<th scope="col"' in page
    assert "0.4 s, hangs" in page
    assert "<b>" not in page


def test_it_says_so_when_it_is_gone():
    outside = Outside.start()
    process = psutil.Process(outside._child.pid)
    assert outside.in_flight == 0
    os.kill(process.pid, signal.SIGKILL)
    process.wait(20)
    with pytest.raises(RuntimeError, match=r"Run the cell with `boot\(...\)` again"):
        outside.reset()
    outside.stop()
