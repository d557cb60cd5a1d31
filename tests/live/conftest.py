"""A small course of one chapter, and kernels in which it is open."""

import json

import pytest

from tests.live.kernels import BOOT, Kernel

PAGES = """\
%%site pages/views.py
import asyncio
from django.http import JsonResponse

async def hello(request):
    return JsonResponse({"hello": "first"})
"""
ROUTES = """\
%%site mysite/urls.py --append pages
from pages import views
urlpatterns += [path("hello/", views.hello)]
"""
DOUBLE = '''\
"""Twice as much

Write `double`, which gives twice its number.
"""
from workbook_site.checking import equal

FILE = "pages/sums.py"
POINTS = 2
HINTS = ["Think of two.", "Multiply."]
GIVEN = {"pages/__init__.py": "# the pages\\n"}


async def it_doubles(site):
    """Seven becomes fourteen."""
    equal(await site.call("pages.sums.double", 7), 14)
'''


def notebook(*sources):
    cells = [
        {"cell_type": "code", "id": f"cell-{n}", "metadata": meta, "source": text, "outputs": []}
        | {"execution_count": None}
        for n, (text, meta) in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="session")
def content(tmp_path_factory):
    """Chapter `first` with one exercise; chapter `second`, which comes after it."""
    folder = tmp_path_factory.mktemp("content")
    about = {"exercise": "double", "file": "pages/sums.py"}
    about["given"] = {"pages/__init__.py": "# the pages\n"}
    exercise = ("%%exercise double\ndef double(n):\n    raise NotImplementedError\n", about)
    first = [(BOOT, {}), (PAGES, {}), (ROUTES, {})]
    first.append((exercise[0], {"workbook": exercise[1]}))
    for path, text in {
        "notebooks/00_first.ipynb": notebook(*first),
        "notebooks/01_second.ipynb": notebook((BOOT, {})),
        "exercises/first/double.py": DOUBLE,
        "solutions/first/double.py": "def double(n):\n    return 2 * n\n",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@pytest.fixture
def kernel(tmp_path, content):
    """A kernel in which nothing has run yet."""
    with Kernel(tmp_path / "workspace", content) as kernel:
        yield kernel


@pytest.fixture(scope="module")
def booted(tmp_path_factory, content):
    """A kernel with a running site and the page /hello/, shared by the tests of a module."""
    with Kernel(tmp_path_factory.mktemp("workspace"), content) as kernel:
        kernel.good(BOOT)
        kernel.good(PAGES)
        kernel.good(ROUTES)
        yield kernel
