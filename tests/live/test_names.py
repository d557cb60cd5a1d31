"""Names that come into the notebook, and follow the project."""

import sys
from types import ModuleType

import pytest

from workbook_site.live.names import Names, module_of


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("blog/views.py", "blog.views"),
        ("blog/__init__.py", "blog"),
        ("urls.py", "urls"),
        ("blog/templates/page.html", None),
        ("blog/migrations/0001_initial.py", None),
        ("__init__.py", None),
    ],
)
def test_which_module_a_file_is(path, module):
    assert module_of(path) == module


@pytest.fixture
def load(monkeypatch):
    """Run code as the module `shop`, as a reload does; a class knows where it comes from."""

    def load(code):
        module = ModuleType("shop")
        exec(code, vars(module))
        monkeypatch.setitem(sys.modules, "shop", module)

    return load


def brought(load, code):
    load(code)
    notebook = {}
    Names(notebook).bring(code, "shop")
    return notebook


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import os.path, sys as system", {"os", "system"}),
        ("from json import dumps as d, loads", {"d", "loads"}),
        ("def f(x):\n  y = x\nasync def g(): ...\nclass C:\n  z = 1", {"f", "g", "C"}),
        ("a = b = 1\n(c, [d, *e]), f = (1, [2, 3]), 4\ng: int = 5\nh: int", set("abcdefg")),
        ("if 1:\n  a = 1\nelse:\n  b = 1", {"a"}),
        ("try:\n  1 / 0\nexcept ZeroDivisionError as e:\n  a = 1\nfinally:\n  b = 2", {"a", "b"}),
        (
            "for i in (1, 2):\n  last = i\nwith open('/dev/null') as f:\n  n = 1",
            set("ifn") | {"last"},
        ),
        ("(a := 1)\n[x for x in (1, 2)]\nlist(map(lambda y: y, []))", {"a"}),
        ("def f(): ...\ndel f", set()),
    ],
)
def test_names_at_the_top_level(load, code, names):
    assert set(brought(load, code)) == names


def test_names_are_bound_anew_unless_the_learner_gave_them_something_else(load):
    code = "LIMIT = {n}\ndef f(): return {n}\nclass C:\n    n = {n}\n"
    load(code.format(n=1))
    notebook = {}
    names = Names(notebook)
    names.bring(code.format(n=1), "shop")
    notebook["mine"] = notebook["C"]
    notebook["_3"] = first = notebook["C"]
    notebook["LIMIT"] = "my own"
    load(code.format(n=2))
    names.refresh({"shop"})
    assert notebook["f"]() == 2
    assert notebook["C"].n == notebook["mine"].n == 2
    assert notebook["LIMIT"] == "my own"
    assert notebook["_3"] is first


def test_plain_values_follow_too_each_time(load):
    notebook = {}
    names = Names(notebook)
    for n in (1, 2, 3):
        load(f"LIMIT = {n}")
        if n == 1:
            names.bring("LIMIT = 1", "shop")
        names.refresh({"shop"})
        assert notebook["LIMIT"] == n


def test_names_wait_for_a_module_that_is_loaded_later(load, monkeypatch):
    monkeypatch.delitem(sys.modules, "shop", raising=False)
    notebook = {}
    names = Names(notebook)
    names.bring("x = 1", "shop")
    assert notebook == {}
    load("x = 1")
    names.refresh({"shop"})
    assert notebook == {"x": 1}


def test_a_name_that_is_gone_keeps_what_it_was(load):
    load("def f(): return 1")
    notebook = {}
    names = Names(notebook)
    names.bring("def f(): return 1", "shop")
    load("")
    names.refresh({"shop"})
    assert notebook["f"]() == 1
