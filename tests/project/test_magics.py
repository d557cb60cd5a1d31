"""What stands behind a magic is understood, or refused with how to write it."""

import pytest

from workbook_site.project import ExerciseCell, MagicError, SiteCell, parse


def test_a_cell_is_understood():
    assert parse("%%site blog/views.py\nx = 1\n") == SiteCell("blog/views.py", "", "x = 1\n")
    assert parse("%%site ./a.py --append two words\nx") == SiteCell("a.py", "two words", "x")
    assert parse("%%site 'with space.txt'\n") == SiteCell("with space.txt", "", "")
    assert parse("%%exercise feed\nx") == ExerciseCell("feed", "x")
    assert parse("print(1)\n%%site not first") is None


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../out.py", "a/../../out.py", "C:/x.py", ".", "..\\x.py"]
)
def test_a_path_that_leads_out_is_refused(path):
    with pytest.raises(MagicError, match="inside your project"):
        parse(f"%%site '{path}'\nx")


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("%%site", "needs the path"),
        ("%%site a.py --apend x", "does not understand '--apend x'"),
        ("%%site a.py --append", "does not understand"),
        ("%%site a.py --append 'a\"b*'", "block's name"),
        ("%%exercise", "needs one name"),
        ("%%exercise one two", "needs one name"),
    ],
)
def test_a_slip_is_answered_with_how_to_write_it(line, remedy):
    with pytest.raises(MagicError, match=remedy):
        parse(line + "\nx = 1")
