"""What a chart says, drawn or written. How it looks is for eyes; that it is whole, for tests."""

import re
from xml.etree import ElementTree as ET

import pytest

from tests.live.some_spans import call, in_turn, n_plus_one, query, request, together
from workbook_site.live import chart, plain, words
from workbook_site.live.spans import RUNNING

SVG = "{http://www.w3.org/2000/svg}"


def parse(svg):
    return ET.fromstring(svg)


def texts(svg):
    return ["".join(each.itertext()) for each in parse(svg).iter(f"{SVG}text")]


def bars(svg, kind):
    """(x, y, width) of each bar of a kind, its legend apart."""
    return [
        tuple(float(rect.get(key)) for key in ("x", "y", "width"))
        for group in parse(svg).iter(f"{SVG}g")
        for rect in group.findall(f"{SVG}rect")
        if rect.get("fill", "").endswith(f"-{kind})")
    ]


def test_it_is_an_image_with_a_name_and_a_description():
    drawn = parse(chart.draw(together()))
    title, desc = drawn.find(f"{SVG}title"), drawn.find(f"{SVG}desc")
    assert drawn.get("role") == "img"
    assert drawn.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
    assert title.text == "GET /dashboard/"
    assert "most in flight: 3" in desc.text
    assert "GET /analytics/ from 100 ms to 410 ms, under GET /dashboard/." in desc.text


def test_two_charts_on_a_page_share_no_id():
    ids = [re.findall(r'\bid="([^"]+)"', chart.draw(in_turn())) for _ in range(2)]
    assert len(set(ids[0])) == len(ids[0])
    assert not set(ids[0]) & set(ids[1])


def test_each_bar_says_its_name_and_its_time():
    said = texts(chart.draw(in_turn()))
    assert "GET /dashboard/1.20 s" in said
    assert "GET /analytics/400 ms" in said
    assert "3 outgoing calls, one after the other: 1.20 s" in said
    assert "most in flight: 1" in said


def test_what_overlapped_is_told_without_praise_and_with_what_went_wrong():
    """Requests that a blocked loop kept waiting overlap, too."""
    spans = [request(0, 1), request(0, 2), request(0, 3, status="cancelled")]
    assert words.sentence(spans) == "3 requests, 6.00 s added up, within 3.00 s (1 cancelled)"


def test_every_moment_at_which_it_was_most_is_marked():
    drawn = parse(chart.draw([call(0, 1), call(0, 1), call(2, 3), call(2, 3)]))
    paths = list(drawn.iter(f"{SVG}path"))
    (tops,) = [path.get("d") for path in paths if path.get("stroke-width") == "3"]
    assert tops.count("M") == 2


def test_bars_lie_where_their_times_are():
    one, two, three = bars(chart.draw(in_turn()), "call")
    assert one[0] + one[2] == pytest.approx(two[0], abs=0.2)
    assert two[0] + two[2] == pytest.approx(three[0], abs=0.2)
    assert one[1] < two[1] < three[1]


def test_bars_of_calls_in_flight_together_overlap():
    spans = bars(chart.draw(together()), "call")
    assert len({x for x, _, _ in spans}) == 1
    assert all(width > 200 for _, _, width in spans)


def test_a_common_length_makes_two_charts_comparable():
    [short] = bars(chart.draw([request(0, 1)], length=4), "request")
    [whole] = bars(chart.draw([request(0, 1)]), "request")
    assert short[2] == pytest.approx(whole[2] / 4, abs=0.1)


def test_the_axis_has_units():
    assert "0.2 s" in texts(chart.draw(in_turn()))
    assert "100 ms" in texts(chart.draw(together()))
    assert "time" in texts(chart.draw(together()))


def test_kinds_differ_by_pattern_and_the_legend_names_them():
    svg = chart.draw([request(), call(0, 1), query(0, 0.5)])
    patterns = [ET.tostring(each.find(f"{SVG}g")) for each in parse(svg).iter(f"{SVG}pattern")]
    inside = [re.sub(rb'stroke="[^"]*"|fill="[^"]*"', b"", each) for each in patterns]
    assert len(set(inside)) == len(chart.COLOURS)
    assert {"request", "query", "outgoing call"} <= set(texts(svg))


def test_a_single_kind_needs_no_legend():
    assert "request" not in texts(chart.draw([request()]))


def test_what_failed_is_said_in_words_and_outlined():
    svg = chart.draw([request(status="500"), call(0, 0.9, status="timed out")])
    assert "GET /payments/900 ms · ✕ timed out" in texts(svg)
    assert svg.count("stroke-dasharray") == 2


def test_what_runs_still_points_on_and_is_no_failure():
    svg = chart.draw([request(status=RUNNING)])
    assert "GET /dashboard/1.00 s · still running" in texts(svg)
    assert "stroke-dasharray" not in svg


def test_a_bundle_says_how_many_how_long_and_how_many_failed():
    spans = n_plus_one(50)
    spans[-1].status = "OperationalError"
    said = texts(chart.draw(spans))
    assert "50 × SELECT auth_user9.0 ms each · ✕ 1 failed" in said


def test_every_label_stays_on_the_page():
    long = "GET /" + "very-" * 40 + "long/"
    spans = [
        call(start, start + width, name=long) for start in (0, 4.95, 9.8) for width in (0.1, 5)
    ]
    spans = [span for span in spans if span.end <= 10]
    for text in parse(chart.draw(spans, "t")).iter(f"{SVG}text"):
        wide = chart.wide("".join(text.itertext()), float(text.get("font-size", chart.LABEL)))
        left = (
            float(text.get("x"))
            - {"start": 0, "middle": wide / 2, "end": wide}[text.get("text-anchor")]
        )
        assert left > -10
        assert left + wide < chart.WIDTH + 10


def test_thousands_of_queries_stay_small():
    assert len(chart.draw(n_plus_one(5000))) < 100_000


def test_names_are_text_not_markup():
    svg = chart.draw([request(name="GET /<script>&/")])
    assert "<script>" not in svg
    assert "GET /<script>&/1.00 s" in texts(svg)


def test_nothing_recorded_is_said():
    assert words.NOTHING in texts(chart.draw([]))
    assert words.NOTHING in plain.draw([])


def test_an_instant_can_be_drawn():
    parse(chart.draw([request(3, 3)]))
    assert "GET /dashboard/" in plain.draw([request(3, 3)])


def test_it_reads_on_light_and_on_dark():
    """Labels have the colour of the text around the chart; bars keep 3 to 1 on either ground."""
    svg = chart.draw(together())
    assert parse(svg).get("fill") == "currentColor"
    assert not [text for text in parse(svg).iter(f"{SVG}text") if text.get("fill")]
    for colour in [*chart.COLOURS.values(), chart.BAD]:
        assert contrast(colour, "#ffffff") >= 3
        assert contrast(colour, "#111111") >= 3


def contrast(one, two):
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_written_it_shows_the_same():
    assert plain.draw(in_turn(), "In turn") == (
        "In turn\n"
        "3 outgoing calls, one after the other: 1.20 s\n"
        "GET /dashboard/   |========================================| 1.20 s\n"
        "  GET /payments/  |#############                           | 400 ms\n"
        "  GET /analytics/ |             #############              | 400 ms\n"
        "  GET /weather/   |                          ##############| 400 ms\n"
        "                  0                                  1.20 s\n"
        "most in flight: 1"
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0.0 ms"),
        (0.00001, "<0.1 ms"),
        (0.00042, "0.4 ms"),
        (0.0099, "9.9 ms"),
        (0.00999, "10 ms"),
        (0.4021, "402 ms"),
        (0.9996, "1.00 s"),
        (1.214, "1.21 s"),
        (72.6, "73 s"),
    ],
)
def test_durations_have_three_digits_at_most(seconds, said):
    assert words.duration(seconds) == said


def test_a_title_is_made_of_what_there_is():
    page, other = request(), request(name="GET /other/")
    assert words.title([page]) == "GET /dashboard/"
    assert words.title([page, request()]) == "2 × GET /dashboard/"
    assert words.title([page, other, call(0, 1)]) == "2 requests and 1 outgoing call"
    assert words.title([page], "Mine") == "Mine"


def test_a_long_table_says_that_it_is_cut():
    spans = n_plus_one(words.TABLED)
    assert len(words.table_rows(spans)) == words.TABLED
    assert f"The first {words.TABLED} of {words.TABLED + 2}" in words.table_caption(spans, "x")
