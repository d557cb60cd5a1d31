"""What lateness costs."""

from datetime import UTC, datetime, timedelta

import pytest

from workbook_site.grading.policy import TEMPLATE, Policy, PolicyError

DUE = datetime(2026, 11, 1, 22, 0, tzinfo=UTC)
TEXT = """
counts = "best"
[due]
views = 2026-11-01T22:00:00Z
[late]
percent_a_day = 10
at_most = 35
grace_minutes = 30
"""


@pytest.mark.parametrize(
    ("after", "days"),
    [(timedelta(0), 0), (timedelta(minutes=30), 0), (timedelta(minutes=31), 1),
     (timedelta(days=1), 1), (timedelta(days=1, seconds=1), 2), (timedelta(days=-3), 0)],
)  # fmt: skip
def test_days_are_counted_as_they_begin(after, days):
    assert Policy.parse(TEXT).late_by("views", DUE + after) == days


@pytest.mark.parametrize(("days", "share"), [(0, 0), (1, 0.1), (3, 0.3), (4, 0.35), (99, 0.35)])
def test_the_cost_has_a_cap(days, share):
    assert Policy.parse(TEXT).deduction(days) == pytest.approx(share)


def test_a_platforms_mark_counts_where_no_time_is_known():
    policy = Policy.parse(TEXT)
    assert policy.late_by("views", None, True) == 1
    assert policy.late_by("other", DUE, True) == 1
    assert policy.late_by("views", DUE, True) == 0


def test_a_time_without_an_offset_is_of_the_zone_that_is_named():
    policy = Policy.parse('time_zone = "Asia/Tokyo"\n[due]\nviews = 2026-11-02T07:00:00\n')
    assert policy.due["views"] == DUE


def test_a_date_lasts_to_its_end():
    policy = Policy.parse('time_zone = "UTC"\n[due]\nviews = 2026-11-01\n')
    assert policy.late_by("views", datetime(2026, 11, 1, 23, 59, tzinfo=UTC)) == 0
    assert policy.late_by("views", datetime(2026, 11, 2, 0, 1, tzinfo=UTC)) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [("x = [", "no TOML"), ("late = 3", "begins with a line"), ('counts = "all"', "newest"),
     ("[late]\nat_most = 101", "at_most"), ("[late]\npercent = 1", "not known"),
     ('[due]\nviews = "soon"', "due date of views"), ('time_zone = "Mars/North"', "time zone")],
)  # fmt: skip
def test_what_can_not_be_used_is_named(text, told, tmp_path):
    path = tmp_path / "gradebook.toml"
    path.write_text(text)
    with pytest.raises(PolicyError, match=told) as wrong:
        Policy.read(path)
    assert str(path) in str(wrong.value)


def test_without_a_file_nothing_is_late(tmp_path):
    assert Policy.read(tmp_path / "none.toml") == Policy()


def test_the_file_that_we_lay_down_can_be_read_and_makes_nobody_late():
    assert Policy.parse(TEMPLATE).late_by("async_views", DUE) == 0
