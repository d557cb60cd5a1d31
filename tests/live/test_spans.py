"""The spans of a recording, and the figures that are read off them."""

import asyncio
import contextvars
import threading

import pytest

from tests.live.some_spans import call, in_turn, query, request, together
from workbook_site.live.spans import (
    RUNNING,
    Recording,
    Span,
    ended_by,
    extent,
    most,
    steps,
    subject,
    waiting,
)


class Clock:
    """A clock that moves when it is told to."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def recording(clock):
    return Recording(clock)


def test_times_count_from_the_beginning(recording, clock):
    clock.now += 2
    with recording.span("call", "GET /", note="whole") as span:
        clock.now += 3
    assert (span.start, span.end, span.seconds, span.note) == (2, 5, 3, "whole")
    assert span.thread == threading.current_thread().name
    assert not span.failed


def test_a_span_comes_under_the_one_that_is_open(recording):
    with recording.span("request", "a") as a:
        with recording.span("call", "b") as b:
            pass
        with recording.span("call", "c") as c:
            pass
    with recording.span("request", "d") as d:
        pass
    assert (a.parent, b.parent, c.parent, d.parent) == (None, a, a, None)


def test_tasks_know_what_they_were_started_under(recording, run):
    async def ask(name):
        with recording.span("call", name) as span:
            await asyncio.sleep(0)
            return span

    async def page():
        with recording.span("request", "page") as span:
            return span, await asyncio.gather(ask("one"), ask("two"))

    span, calls = run(page())
    assert [one.parent for one in calls] == [span, span]


def test_a_recording_is_no_parent_of_anothers_spans(clock):
    first, second = Recording(clock), Recording(clock)
    with first.span("request", "a"), second.span("call", "b") as span:
        pass
    assert span.parent is None


def test_a_span_that_is_finished_elsewhere_leaves_the_current_one_alone(recording):
    outer = recording.begin("request", "outer")
    contextvars.copy_context().run(recording.finish, outer)
    with recording.span("call", "inner") as inner:
        pass
    assert inner.parent is outer


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (asyncio.CancelledError(), "cancelled"),
        (TimeoutError(), "timed out"),
        (KeyError("x"), "KeyError"),
    ],
)
def test_what_ended_a_span_is_said(recording, error, word):
    with pytest.raises(type(error)), recording.span("call", "a") as span:
        raise error
    assert span.status == word == ended_by(error)
    assert span.failed


def test_closing_cuts_what_runs_still_for_good(recording, clock):
    span = recording.begin("span", "a")
    clock.now += 1
    recording.close()
    clock.now += 1
    recording.finish(span, "503")
    assert (span.end, span.status, span.failed, recording.length) == (1, RUNNING, False, 1)


def test_closing_waits_for_a_request_that_is_about_to_end(recording):
    span = recording.begin("request", "a")
    ending = threading.Thread(target=recording.finish, args=(span,))
    ending.start()
    recording.close(settle=30)
    ending.join()
    assert span.status == ""


def test_closing_does_not_wait_for_ever(recording):
    span = recording.begin("request", "a")
    recording.close(settle=0.01)
    assert span.status == RUNNING


def test_figures_of_calls_that_overlap():
    calls = together()[1:]
    assert most(calls) == 3
    assert waiting(calls) == pytest.approx(0.93)
    assert extent(calls) == pytest.approx(0.32)


def test_one_that_ends_where_another_starts_does_not_overlap_it():
    spans = [call(0, 1), call(1, 2), call(2, 3)]
    assert most(spans) == 1
    assert steps(spans) == [(0, 1), (1, 1), (2, 1), (3, 0)]


def test_an_instant_counts():
    assert most([call(1, 1)]) == 1
    assert most([call(0, 2), call(1, 1)]) == 1
    assert most([]) == 0
    assert extent([]) == 0


def test_what_a_recording_is_about():
    assert subject(in_turn()) == "call"
    assert subject([request(), query(0, 1)]) == "query"
    assert subject([request()]) == "request"
    assert subject([]) == "span"


def test_a_running_span_takes_no_time_yet():
    assert Span("call", "a", 1.0).seconds == 0
