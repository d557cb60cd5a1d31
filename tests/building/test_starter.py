import pytest

from workbook_site.building.starter import MarkerError, check, starter

WHOLE = """\
from asyncio import gather


async def summary(request):
    before = 1
    ### BEGIN SOLUTION
    both = await gather(one(), two())
    return both
    ### END SOLUTION


def after():
    return 2
"""


def test_the_marked_part_becomes_a_hole_at_its_indent():
    assert starter(WHOLE, "blog/views.py") == (
        "from asyncio import gather\n\n\n"
        "async def summary(request):\n"
        "    before = 1\n"
        "    # Your code here\n"
        "    raise NotImplementedError\n\n\n"
        "def after():\n    return 2\n"
    )


def test_the_solution_may_say_what_else_stands_in_the_hole():
    solution = (
        "def f(x):\n"
        "    ### BEGIN SOLUTION\n"
        "    ### STARTER: if x:\n"
        "    ### STARTER:     return None\n"
        "    return x\n"
        "    ### END SOLUTION\n"
    )
    assert starter(solution, "a.py") == (
        "def f(x):\n    # Your code here\n    if x:\n        return None\n"
    )


def test_a_hole_at_the_margin_can_be_imported():
    text = starter("### BEGIN SOLUTION\nX = 1\n### END SOLUTION\n", "a.py")
    assert text == "# Your code here\n"


def test_several_holes():
    hole = "def {0}():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n"
    text = starter(hole.format("a") + hole.format("b"), "a.py")
    assert text.count("raise NotImplementedError") == 2
    assert "return 1" not in text


def test_a_template_gets_its_own_kind_of_comment():
    solution = "<ul>\n  ### BEGIN SOLUTION\n  <li>\n  ### END SOLUTION\n</ul>\n"
    assert starter(solution, "t/x.html") == "<ul>\n  <!-- Your code here -->\n</ul>\n"


@pytest.mark.parametrize(
    ("solution", "told"),
    [
        ("x = 1\n", "no ### BEGIN SOLUTION"),
        ("### BEGIN SOLUTION\nx = 1\n", "line 1 opens"),
        ("x = 1\n### END SOLUTION\n", "Line 2 closes"),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION\n", "Line 2 opens"),
        ("### STARTER: x\n### BEGIN SOLUTION\n### END SOLUTION\n", "Line 1"),
    ],
)
def test_markers_that_do_not_pair_are_told_with_their_line(solution, told):
    with pytest.raises(MarkerError, match=told):
        check(solution)
