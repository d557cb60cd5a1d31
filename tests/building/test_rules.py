"""Each rule of the house: content on which it speaks, and what it says."""

import json

import pytest

from workbook_site.building.printing import build
from workbook_site.building.rules import RULES, Content, look

SOURCE = "notebooks/source/00_sums.md"
ADD, SOLUTION = "exercises/sums/add.py", "solutions/sums/add.py"


def change(path, old, new):
    return lambda book: book.change(path, old, new)


def write(path, text=""):
    return lambda book: book.write(path, text)


def remove(path):
    return lambda book: (book.root / path).unlink()


def code(text, options=""):
    """One more cell at the end of the section Adding."""
    return change(SOURCE, "## Key points", f"```python{options}\n{text}\n```\n\n## Key points")


def prose(text):
    return change(SOURCE, "Look at this.", text)


def with_outputs(book):
    path = book.root / "notebooks/00_sums.ipynb"
    data = json.loads(path.read_text())
    cell = next(cell for cell in data["cells"] if cell["cell_type"] == "code")
    cell["execution_count"] = 3
    path.write_text(json.dumps(data))


def in_another_order(book):
    text = book.read(SOURCE)
    points = "## Key points\n\n- It adds up.\n\n"
    book.write(SOURCE, text.replace(points, "") + "\n" + points)


SPOILT = [
    # rule, how the book is spoilt, where the finding is, what it says
    ("exercise_loads", write(ADD, "import no_such_thing"), ADD, "mend it"),
    ("exercise_loads", change(ADD, "FILE =", "FILLE ="), ADD, "FILE"),
    ("name_is_unique", write("exercises/more/add.py", "x = 1"), "exercises/", "rename it"),
    ("title_and_prompt", change(ADD, "Complete the function `add`.", ""), ADD, "write the prompt"),
    ("title_and_prompt", change(ADD, '"""Write add\n', '"""\n'), ADD, "title, on its first line"),
    ("title_and_prompt", change(ADD, "add\n\nComp", "add\nComp"), ADD, "second line blank"),
    ("prompt_has_no_heading", change(ADD, "Complete", "## How\n\nDo"), ADD, "bold"),
    ("hints", change(ADD, ', "Put it between the two."', ""), ADD, "2 or more HINTS"),
    ("hints", change(ADD, '["Think of a sign.", "Put it between the two."]', '"hm"'), ADD, "list"),
    ("points", change(ADD, "POINTS = 2", "POINTS = 0"), ADD, "above zero"),
    ("files_inside_the_project", change(ADD, '"mysite/add.py"', '"../x.py"'), ADD, "'../x.py'"),
    ("files_inside_the_project", change(ADD, "mysite/urls.py", "/etc/x.py"), ADD, "'/etc/x.py'"),
    ("files_inside_the_project", change(ADD, "mysite/urls", "mysite/add"), ADD, "out of GIVEN"),
    ("checks", change(ADD, "async def gives_a_n", "async def _gives_a_n"), ADD, "2 or more checks"),
    ("checks", change(ADD, "gives a number.", "gives a number"), ADD, "full stop"),
    ("public_coroutines_are_checks", change(ADD, "number(site)", "number(s, x)"), ADD, "parameter"),
    ("solution_exists", remove(SOLUTION), ADD, SOLUTION),
    ("no_stray_solution", write("solutions/sums/old.py"), "solutions/sums/old.py", "remove it"),
    ("markers_are_balanced", change(SOLUTION, "### END SOLUTION", ""), SOLUTION, "line 2"),
    (
        "starter_differs",
        change(SOLUTION, "BEGIN SOLUTION", "BEGIN SOLUTION\n    ### STARTER: return number + 1"),
        SOLUTION,
        "between the markers",
    ),
    (
        "starter_and_solution_compile",
        change(SOLUTION, "BEGIN SOLUTION", "BEGIN SOLUTION\n    ### STARTER: return ("),
        SOLUTION,
        "starter",
    ),
    ("starter_and_solution_compile", change(SOLUTION, "+ 1", "+"), SOLUTION, "solution"),
    ("source_is_printable", remove(SOLUTION), SOURCE, "no solution"),
    ("source_names", write("notebooks/source/sums.md"), "notebooks/source/sums.md", "NN_CHAPTER"),
    ("source_names", write("notebooks/source/00_a.md"), SOURCE, "has 0 already"),
    ("source_names", write("notebooks/source/01_sums.md"), "notebooks/source/01", "has 'sums'"),
    ("print_is_fresh", prose("Look."), "notebooks/00_sums.ipynb", "cell adding differs"),
    ("print_is_fresh", code("1 + 2"), "notebooks/00_sums.ipynb", "workbook_site build"),
    ("print_is_fresh", remove("notebooks/00_sums.ipynb"), "notebooks/00_sums.ipynb", "missing"),
    ("no_stray_print", write("notebooks/09_x.ipynb", "{}"), "notebooks/09_x.ipynb", "remove it"),
    ("no_outputs", with_outputs, "notebooks/00_sums.ipynb, cell adding-1-1", "holds outputs"),
    ("no_outputs", write("notebooks/00_sums.ipynb", "?"), "notebooks/00_sums", "no notebook"),
    ("enough_answers", remove("tests/answers/sums/add/right_0.py"), ADD, "it has 2"),
    ("enough_answers", remove("tests/answers/sums/add/wrong_0.py"), ADD, "it has 4"),
    (
        "wrong_answers_say_what_to_expect",
        write("tests/answers/sums/add/wrong_9.py", "x = 1\n"),
        "tests/answers/sums/add/wrong_9.py",
        "# expect:",
    ),
    ("no_stray_answer", write("tests/answers/sums/a/right_1.py"), "tests/answers/", "remove it"),
    ("no_stray_answer", write("tests/answers/sums/add/odd.py"), "tests/answers/", "call it"),
    ("one_h1_first", change(SOURCE, "## Adding", "# Adding"), SOURCE, "it has 2"),
    ("one_h1_first", change(SOURCE, "# Sums", "Hello.\n\n# Sums"), SOURCE, "begin it"),
    ("no_skipped_level", prose("#### Deep"), SOURCE, "'Deep' H3"),
    ("opening", change(SOURCE, "**Question:** What", "What"), SOURCE, "**Question:**"),
    ("opening", change(SOURCE, "5 minutes", "soon"), SOURCE, "**Time:**"),
    ("opening", change(SOURCE, "\n- add\n", "\nadd\n"), SOURCE, "**Objectives:**"),
    ("fixed_sections", change(SOURCE, "## Key points", "## Points"), SOURCE, "## Key points"),
    ("fixed_sections", in_another_order, SOURCE, "in order"),
    ("further_reading_links", change(SOURCE, "https://", ""), SOURCE, "https page"),
    ("enough_exercises", change(SOURCE, "%%exercise add", "x = 1"), SOURCE, "it has 2"),
    ("exercise_is_used_once", change(SOURCE, "%%exercise add", "x = 1"), ADD, "0 times"),
    ("exercise_is_used_once", code("%%exercise add"), ADD, "2 times"),
    ("exercise_cells_are_bare", code("%%exercise add\nx = 1"), SOURCE, "only the line"),
    (
        "errors_are_explained",
        change(SOURCE, "Nothing can be divided by nothing.", ""),
        f"{SOURCE}, cell adding-1-0",
        "explain",
    ),
    ("tags_are_known", code("1", ' tags=["raise-exception"]'), SOURCE, "'raise-exception'"),
    ("plots_are_described", code("import matplotlib.pyplot as plt\nplt.plot([1])"), SOURCE, "bars"),
    ("plots_are_described", code("fig, ax = plt.subplots()"), SOURCE, "table"),
    ("images_are_described", prose("![](map.png)"), SOURCE, "map.png shows"),
    ("images_are_described", prose('<img src="map.png">'), SOURCE, "alt="),
    ("links_are_https", prose("[here](http://example.org)"), SOURCE, "link https"),
    ("nothing_unsafe", code("import nest_asyncio"), SOURCE, "do without nest_asyncio"),
    ("nothing_unsafe", code("%env DJANGO_ALLOW_ASYNC_UNSAFE=1"), SOURCE, "do without"),
    ("cells_are_python", prose("```bash\nls\n```"), SOURCE, ".noeval"),
]


@pytest.mark.parametrize(("rule", "spoil", "where", "message"), SPOILT)
def test_a_rule_speaks_up_with_the_place_and_the_remedy(printed, rule, spoil, where, message):
    assert not list(RULES[rule](Content()))
    spoil(printed)
    found = list(RULES[rule](Content()))
    assert [each for each in found if each.where.startswith(where) and message in each.message], (
        found
    )


def test_every_rule_has_content_on_which_it_speaks():
    assert {rule for rule, *_ in SPOILT} == set(RULES)


def test_a_book_in_order_has_no_findings(printed):
    assert look() == []


def test_nothing_at_all_has_no_findings(empty):
    assert look() == []


def test_what_is_allowed_is_not_told(book):
    for spoil in (
        prose("[there](http://127.0.0.1:8000/) ![a map](map.png) <img src='m.png' alt=\"a map\">"),
        prose("Never set DJANGO_ALLOW_ASYNC_UNSAFE."),
        code("from workbook_site.live.plots import bars\nbars({'a': 1}, title='A')"),
        code("%%site sums/plots.py\nimport matplotlib"),
        code("%timeit 1 + 1\n!ls"),
    ):
        book.fill()
        spoil(book)
        build()
        assert look() == []


def test_one_that_can_not_be_read_keeps_no_rule_from_the_rest(printed):
    printed.write(ADD, "1 /")
    printed.change("exercises/sums/double.py", "POINTS = 2", "POINTS = 0")
    places = {finding.where for finding in look()}
    assert {ADD, "exercises/sums/double.py", SOURCE} <= places
