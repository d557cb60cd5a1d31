"""The small book as if it were executed: real notebooks, outputs by what really renders them.

No kernel is started. Besides the chapter on sums there is one that shows all that a page can show.
"""

import sys
from datetime import timedelta

import nbformat
import pytest
from httpx import Request, Response
from nbformat.v4 import new_output

from tests.building.conftest import Book
from tests.checking.test_panel import EVERY, report
from tests.live.some_spans import together
from workbook_site.building import website
from workbook_site.building.execute import ChapterRun, runs, solved
from workbook_site.building.printing import build
from workbook_site.checking import Outcome
from workbook_site.checking.standing import Standing
from workbook_site.live import chart, plots, show, table
from workbook_site.live.answer import Answer
from workbook_site.live.verdict import bundle
from workbook_site.project import chapters

SECRET = "number * 2  # the answer that nobody may read"
SHOWN = """\
# All that can be *shown*

**Question:** Does `everything` show?

**Time:** 5 minutes

Back to [the sums](00_sums.ipynb#adding), or to [another place](https://example.org/a?b=c#d).

## Plots

```python id="bars"
bars(...)
```

```python id="lines"
lines(...)
```

```python id="timeline"
timeline
```

## Pages

| a table | in prose |
|---|---|
| `one` | two |

```python id="answer"
await site.get("/")
```

```python id="panes"
site.show_two("/chat/")
```

## Trouble

```python id="error" tags=["raises-exception"]
1 / 0
```

```python id="log" tags=["stderr"]
log()
```

```python id="panels"
panels()
```

```python id="template"
%%site blog/templates/page.html
{% if one < two %}<p class="very">{{ post.title }}</p>{% endif %}
```

### Plots

A heading of the same name, {% raw %} and <b>HTML</b>.

```console
$ python3 -m workbook_site lab
```
"""


def html(*parts):
    return [new_output("display_data", data={"text/html": part, "text/plain": "it"})
            for part in parts]  # fmt: skip


# What a live page looked like.
PICTURE = "<!doctype html><html lang='en'><title>Chat</title><h1>Chat</h1></html>"


def outputs():
    """What the cells of the second chapter show, by id."""
    asked = Request("GET", "http://127.0.0.1:8000/")
    long = Answer.of(Response(500, text="line\n" * 400, request=asked))
    long.elapsed = timedelta(seconds=0.1)
    panes = (show.Pane("/chat/", "One"), show.Pane("/chat/", "Two"))
    figures = {"Grace": {1: 0.1, 8: 0.9}, "Ada": {1: 0.1, 8: 0.2}}
    trouble = "\x1b[31mZeroDivisionError\x1b[0m: \x1b[1;32mdivision\x1b[0m by zero"
    inside = 'File "/opt/x/lib/python3.11/site-packages/django/db.py", line 1'
    return {
        "bars": html(
            plots.bars({"one": 1.0, "two": 2.0}, title="Bars", claim="Two.")._repr_html_()
        ),
        "lines": html(plots.lines(figures, title="Lines", x="n", y="s")._repr_html_()),
        "timeline": html(
            chart.draw(together()), table.Table("Spans", ["a"], [["b"]])._repr_html_()
        ),
        "answer": html(long._repr_html_()),
        "panes": html(show.Page(8000, panes, "token", 300, 1, lambda _: PICTURE)._repr_html_()),
        "error": [new_output("error", ename="E", evalue="no", traceback=[trouble, inside])],
        "log": [
            new_output(
                "stream", name="stdout", text="in /tmp/workbook-ab_1/my_workbook/newsroom\n"
            ),
            new_output("stream", name="stdout", text="and more\n"),
            new_output("stream", name="stderr", text="warned\n"),
        ],
        "panels": html(*(bundle(each, Standing())["text/html"] for each in EVERY.values())),
    }


def executed(book):
    """The runs of both chapters; `book` is the small one, filled. Its answers are secret."""
    book.change("solutions/sums/double.py", "number * 2", SECRET)
    book.write("notebooks/source/01_shown.md", SHOWN)
    assert not build().wrong
    return [_run(chapter) for chapter in chapters()]


def site(root):
    """A site of both chapters, of a book of its own in the folder `root`; where it lies."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("WORKBOOK_CONTENT", str(root))
        patched.setattr(sys, "dont_write_bytecode", True)
        book = Book(root)
        book.fill()
        website.write(executed(book), root / "site")
    return root / "site"


def _run(chapter):
    run = ChapterRun(chapter, solved(chapter))
    shown = outputs() if chapter.name == "shown" else {}
    for cell in filter(runs, run.notebook.cells):
        cell.execution_count = 1
        cell.outputs = shown.get(cell.id, [])
        if cell.metadata.get("workbook"):
            told = report(Outcome.PASSED, output=SECRET)
            cell.outputs = [
                new_output("stream", name="stdout", text=f"{SECRET}\n"),
                new_output("display_data", data=bundle(told, Standing(1, 3, SECRET))),
            ]
        if "raises-exception" in cell.metadata.get("tags", []) and not cell.outputs:
            cell.outputs = [new_output("error", ename="E", evalue="no", traceback=["no"])]
    return run


def saved(runs, folder):
    """The notebooks as `run --html` leaves them."""
    folder.mkdir(parents=True)
    for run in runs:
        nbformat.write(run.notebook, folder / f"{run.chapter.stem}.ipynb")
    return folder
