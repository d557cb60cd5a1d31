"""Timelines of a real Django site behind the real door and server; see `timeline_story`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbook_site.live.hooks import query_name
from workbook_site.live.timeline import Timeline
from workbook_site.places import CHECKOUT

STORY = Path(__file__).with_name("timeline_story.py")


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    done = subprocess.run(
        [sys.executable, STORY, tmp_path_factory.mktemp("story")],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def spans(seen, story, *fields):
    return [tuple(span[field] for field in fields) for span in seen[story]["spans"]]


def test_calls_come_under_the_request_that_made_them(seen):
    assert spans(seen, "together", "kind", "name", "parent") == [
        ("request", "GET /together/", None),
        ("call", "GET /payments/", "GET /together/"),
        ("call", "GET /analytics/", "GET /together/"),
        ("call", "GET /weather/", "GET /together/"),
    ]


def test_a_span_lies_within_its_parent(seen):
    whole = [
        span
        for story in seen.values()
        if isinstance(story, dict)
        for span in story.get("spans", [])
    ]
    assert len(whole) > 20
    assert all(span["in_parent"] for span in whole)


def test_what_was_in_flight_together_is_counted(seen):
    assert seen["together"]["most_in_flight"] == 3
    assert seen["in_turn"]["most_in_flight"] == 1
    assert seen["in_turn"]["sum"] < seen["in_turn"]["total"]


def test_the_notebooks_own_requests_are_no_calls(seen):
    """Each story asked once; the asking is seen as the site's request, and only as that."""
    names = [name for name, kind in spans(seen, "together", "name", "kind") if kind == "call"]
    assert "GET /together/" not in names


def test_the_whole_address_is_noted(seen):
    assert spans(seen, "together", "note")[1][0].endswith("/payments/?a=1")


def test_a_synchronous_view_is_seen_in_its_thread(seen):
    (_, _, loop), *below = spans(seen, "synchronous", "name", "parent", "thread")
    assert [(name, parent) for name, parent, _ in below] == [
        ("GET /payments/", "GET /synchronous/"),
        ("SELECT sqlite_master", "GET /synchronous/"),
    ]
    assert loop not in {thread for _, _, thread in below}


def test_a_page_that_a_pane_loads_meanwhile_is_left_out_with_all_that_it_does(seen):
    names = {name for (name,) in spans(seen, "pane", "name")}
    assert names == {"GET /crossing/", "INSERT story", "UPDATE story"}


def test_queries_from_other_threads_come_under_the_request_too(seen):
    assert spans(seen, "crossing", "kind", "name", "parent")[1:] == [
        ("query", "INSERT story", "GET /crossing/"),
        ("query", "UPDATE story", "GET /crossing/"),
    ]


def test_tasks_that_run_in_this_process_are_seen(seen):
    assert spans(seen, "with_tasks", "kind", "name", "parent", "status")[1:] == [
        ("task", "notify", "GET /with_tasks/", ""),
        ("query", "SELECT", "notify", ""),
        ("task", "breaks", "GET /with_tasks/", "failed"),
    ]


def test_how_it_ended_is_seen(seen):
    assert spans(seen, "fails", "name", "status") == [("GET /fails/", "500"), ("GET /mail/", "503")]
    assert spans(seen, "impatient", "name", "status") == [
        ("GET /impatient/", "504"),
        ("GET /mail/", "timed out"),
    ]


def test_what_hangs_runs_still_and_stays_so(seen):
    assert spans(seen, "hangs", "name", "status") == [
        ("GET /hangs/", "still running"),
        ("GET /mail/", "still running"),
    ]
    assert seen["hangs, later"]["spans"] == seen["hangs"]["spans"]


def test_steps_of_ones_own_hold_what_happens_in_them(seen):
    assert spans(seen, "steps", "kind", "name", "parent", "status") == [
        ("span", "outer", None, ""),
        ("span", "inner", "outer", ""),
        ("query", "SELECT", "inner", ""),
        ("span", "broken", "outer", "KeyError"),
    ]


def test_a_step_outside_of_its_block_is_told_where_to_stand(seen):
    assert "with t.span('too late'):" in seen["too late"]


def test_another_timeline_closes_the_first(seen):
    assert seen["replaced"] == [0, 1, 0]


def test_nothing_stays_hooked(seen):
    assert seen["hooks left"] == {"listeners": 0, "httpx": False, "django": False}


def test_it_shows_a_picture_with_its_data(seen):
    page = seen["together"]["html"]
    assert page.count("<svg ") == 1
    assert '<th scope="row"' in page
    assert page.index("<svg ") < page.index("<details") < page.index("<table ")
    assert "most in flight: 3" in seen["together"]["text"]


def test_a_comparison_draws_to_one_scale_and_says_the_ratio(seen):
    page = seen["comparison"]
    assert page.count("<svg ") == 2
    assert "times as long as the last" in page


def test_a_timeline_that_saw_nothing_says_so():
    with Timeline() as timeline:
        pass
    assert timeline.spans == []
    assert (timeline.total, timeline.most_in_flight) == (0, 0)
    assert "Nothing was recorded" in repr(timeline)
    assert "<details" not in timeline._repr_html_()


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ('SELECT "blog_post"."id" FROM "blog_post" WHERE 1', "SELECT blog_post"),
        ("INSERT INTO `blog_post` VALUES (1)", "INSERT blog_post"),
        ('UPDATE "blog_post" SET "a" = 1', "UPDATE blog_post"),
        ('DELETE FROM "blog_post"', "DELETE blog_post"),
        ("CREATE TABLE IF NOT EXISTS x (a)", "CREATE x"),
        ("BEGIN IMMEDIATE", "BEGIN"),
        ("  \n", "(empty)"),
    ],
)
def test_a_query_is_named_by_its_verb_and_table(sql, name):
    assert query_name(sql) == name
