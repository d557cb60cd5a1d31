"""Plots that say what they show: title, axes, values, words and data."""

import re
from xml.etree import ElementTree as ET

import pytest

from workbook_site.live.plots import COLOURS, bars, lines

SVG = "{http://www.w3.org/2000/svg}"
GROUPED = {"sync": {"uvicorn": 0.36, "gunicorn": 6.05}, "async": {"uvicorn": 0.34, "gunicorn": 6.1}}
CURVES = {"sync": {1: 0.3, 10: 0.4, 100: 3.1}, "async": {1: 0.3, 100: 0.9}}


@pytest.fixture(
    params=[
        lambda: bars({"in turn": 1.21, "together": 0.42}, title="A & B", claim="It pays"),
        lambda: bars(GROUPED, title="A & B", unit="seconds", log=True),
        lambda: lines(CURVES, title="A & B", x="at once", y="seconds", log_x=True, log_y=True),
        lambda: lines(CURVES, title="A & B", x="at once", y="seconds", claim="It pays"),
    ],
    ids=["bars", "grouped", "logarithmic", "lines"],
)
def plot(request):
    return request.param()


def test_it_is_an_image_with_a_name_and_a_description(plot):
    drawn = ET.fromstring(plot.svg)
    title, desc = drawn.find(f"{SVG}title"), drawn.find(f"{SVG}desc")
    assert drawn.get("role") == "img"
    assert drawn.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
    assert title.text == "A & B"
    assert desc.text == plot.description
    assert "seconds" in desc.text


def test_it_touches_nothing_else_on_the_page(plot):
    ids = re.findall(r'\bid="([^"]+)"', plot.svg)
    own = ids[0].rsplit("-", 1)[0]
    assert all(each.startswith(own) for each in ids)
    assert len(ids) == len(set(ids))
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', plot.svg))
    assert used <= set(ids)
    assert "<style" not in plot.svg
    assert "http" not in re.sub(r'xmlns(:xlink)?="[^"]+"', "", plot.svg)


def test_its_text_has_the_colour_of_the_text_around_it(plot):
    assert "currentColor" in plot.svg
    assert "#010203" not in plot.svg
    assert "#000000" not in plot.svg


def test_it_shows_picture_then_data(plot):
    page = plot._repr_html_()
    assert page.index("<svg ") < page.index("<details") < page.index("<table ")
    assert '<th scope="col"' in page
    assert plot.description in repr(plot)


def test_bars_say_their_data():
    plot = bars({"in turn": 1.213, "together": 0.4217}, title="Three calls", claim="It pays.")
    assert plot.description == (
        "Three calls. It pays. Bars, in seconds: in turn 1.21, together 0.422."
    )
    assert plot.data.columns == ("", "seconds")
    assert plot.data.rows == [["in turn", 1.213], ["together", 0.4217]]


def test_grouped_bars_say_their_data():
    plot = bars(GROUPED, title="Servers")
    assert plot.data.columns == ("", "sync", "async")
    assert plot.data.rows == [["uvicorn", 0.36, 0.34], ["gunicorn", 6.05, 6.1]]
    assert "async gunicorn 6.1" in plot.description


def test_lines_say_their_data_with_holes():
    plot = lines(CURVES, title="Load", x="at once", y="seconds")
    assert plot.data.rows == [[1, 0.3, 0.3], [10, 0.4, None], [100, 3.1, 0.9]]
    assert "sync goes from 0.3 at 1 to 3.1 at 100" in plot.description


def test_series_differ_by_more_than_colour():
    hatched = bars({str(n): {"a": n + 1} for n in range(3)}, title="t").svg
    paths = re.findall(r"<pattern.*?</pattern>", hatched, re.DOTALL)
    assert len(paths) == 2  # the first is plain
    assert len({re.sub(r"#\w+|plot-\S+", "", path) for path in paths}) == 2
    drawn = lines({"a": {1: 1, 2: 2}, "b": {1: 2, 2: 1}}, title="t", x="x", y="y").svg
    assert "stroke-dasharray" in drawn


def test_pyplot_is_left_to_the_learner():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    bars({"a": 1}, title="t")
    assert dict(mpl.rcParams) == before


def test_what_cannot_be_plotted_is_named():
    with pytest.raises(ValueError, match="nothing to plot"):
        bars({}, title="t")
    with pytest.raises(ValueError, match="nothing to plot"):
        lines({"a": {}}, title="t", x="x", y="y")
    with pytest.raises(ValueError, match="'sync' has uvicorn, but 'async' has gunicorn"):
        bars({"sync": {"uvicorn": 1}, "async": {"gunicorn": 1}}, title="t")
    with pytest.raises(ValueError, match="Make two plots"):
        lines({str(n): {1: 1} for n in range(len(COLOURS) + 1)}, title="t", x="x", y="y")
