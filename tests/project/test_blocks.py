"""A file is a head and named blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_site.project import join, put, split

HEAD = "from django.urls import path\n\nurlpatterns = []\n"


def test_a_block_is_added_at_the_end_under_its_marker():
    text = put("blog/urls.py", HEAD, "urlpatterns += [1]\n", "feed")
    assert text == HEAD + "\n\n# --- feed ---\nurlpatterns += [1]\n"


def test_a_block_is_replaced_where_it_stands():
    text = put("a.py", HEAD, "one = 1", "one")
    text = put("a.py", text, "two = 2", "two")
    text = put("a.py", text, "one = 11", "one")
    assert split("a.py", text) == {"": HEAD, "one": "one = 11\n", "two": "two = 2\n"}
    assert text.index("one = 11") < text.index("two = 2")


def test_starting_the_file_anew_keeps_the_named_blocks():
    text = put("a.py", put("a.py", HEAD, "one = 1", "one"), "import os")
    assert split("a.py", text) == {"": "import os\n", "one": "one = 1\n"}


def test_an_empty_body_takes_a_block_away():
    assert put("a.py", put("a.py", HEAD, "one = 1", "one"), "", "one") == HEAD


def test_indentation_at_the_start_of_a_body_survives():
    assert put("a.html", "", "\n   <p>hi</p>\n") == "   <p>hi</p>\n"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("blog/views.py", "# --- feed ---"),
        ("blog/templates/feed.html", "<!-- --- feed --- -->"),
        ("static/page.css", "/* --- feed --- */"),
        ("Makefile", "# --- feed ---"),
    ],
)
def test_the_marker_is_a_comment_of_the_files_own_language(path, line):
    assert line in put(path, "head\n", "body\n", "feed").splitlines()


lines = st.sampled_from(["a = 1", "    b", "", "#", "# --- one ---", "# --- x ---", "#--- y---"])
bodies = st.lists(lines, max_size=6).map("\n".join)
names = st.sampled_from(["one", "two", "three-3", "with space"])
files = st.lists(st.tuples(names, bodies), max_size=5)


@given(files, names, bodies)
def test_putting_twice_changes_nothing_and_other_blocks_stay(steps, name, body):
    text = ""
    for each, told in steps:
        text = put("a.py", text, told, each)
    once = put("a.py", text, body, name)
    assert put("a.py", once, body, name) == once
    before, after, inside = (split("a.py", each) for each in (text, once, body))
    for key in before.keys() - {name} - inside.keys() | {""} - {name}:
        assert after[key] == before[key]
    assert join("a.py", split("a.py", once)) == once
