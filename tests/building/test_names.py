import re
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from workbook_site.building.names import LONGEST, Names, of_code, of_markdown, slug


def test_a_slug_is_plain_words():
    assert slug("Café au lait, s'il vous plaît!") == "cafe-au-lait-s-il-vous-plait"


def test_a_long_slug_is_cut_between_words():
    assert slug("one two three four", 10) == "one-two"
    assert slug("abcdefghijklmnop", 10) == "abcdefghij"


def test_cells_are_called_by_what_they_are():
    assert of_code("%%site blog/views.py\nx = 1", "Any") == "site-blog-views-py"
    assert of_code("%%site blog/urls.py --append feed\nx", "Any") == "site-blog-urls-py-feed"
    assert of_code("%%exercise ask_both\n", "Any") == "exercise-ask-both"
    assert of_code("await site.get('/')", "A feed") == "a-feed-await-site-get"
    assert of_markdown("## Both *at once*", "Both at once") == "both-at-once"
    assert of_markdown("Now look.", "Both at once") == "both-at-once-now-look"


def test_a_magic_with_a_slip_is_called_by_its_section():
    assert of_code("%%site ../x.py\n", "Traps") == "traps-site-x-py"


def test_equal_names_are_told_apart_by_section_then_number():
    names = Names()
    given = [names.give("site-a-py", section) for section in ("One", "Two", "Two", "Two")]
    assert given == ["site-a-py", "site-a-py-two", "site-a-py-two-2", "site-a-py-two-3"]


@given(st.lists(st.tuples(st.text(max_size=90), st.text(max_size=90)), max_size=20))
def test_every_name_fits_the_notebook_format_and_is_given_once(wanted):
    names = Names()
    given = [names.give(name, section) for name, section in wanted]
    assert len(set(given)) == len(given)
    for name in given:
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name)


def test_numbers_go_on_within_the_longest_name():
    names = Names()
    given = list(islice((names.give("word " * 40, "section") for _ in iter(int, 1)), 120))
    assert len(set(given)) == 120
    assert max(map(len, given)) <= LONGEST
