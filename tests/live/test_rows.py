"""Which bar goes where."""

from tests.live.some_spans import call, n_plus_one, query, request, together
from workbook_site.live.rows import MOST_ROWS, ROOMY, rows


def test_few_spans_have_a_row_each_in_the_order_of_the_tree():
    first, second = request(0, 1, "GET /a/"), request(0.1, 1, "GET /b/")
    spans = [first, second, call(0.2, 0.3, first), query(0.15, 0.4, second)]
    drawn, left_out = rows(spans)
    assert [(row.name, row.depth) for row in drawn] == [
        ("GET /a/", 0),
        ("GET /payments/", 1),
        ("GET /b/", 0),
        ("SELECT blog_post", 1),
    ]
    assert left_out == 0


def test_many_alike_are_bundled():
    drawn, _ = rows(n_plus_one(50))
    assert [(row.name, len(row.spans)) for row in drawn] == [
        ("GET /dashboard/", 1),
        ("SELECT blog_post", 1),
        ("SELECT auth_user", 50),
    ]


def test_calls_of_many_requests_are_bundled_under_all_of_them():
    spans = [span for _ in range(20) for span in together()]
    drawn, _ = rows(spans)
    assert [(row.depth, len(row.spans)) for row in drawn] == [(0, 20), (1, 20), (1, 20), (1, 20)]


def test_a_bundle_is_in_the_order_of_its_starts():
    early, late = request(0, 9), request(1, 9)
    spans = [early, late, call(5, 6, early), call(2, 3, late)]
    bundles, _ = rows(spans, roomy=0)
    assert [span.start for span in bundles[1].spans] == [2, 5]


def test_lanes_keep_apart_what_overlaps_and_share_what_does_not():
    [row], _ = rows([call(start, start + 1) for start in (0, 0.5, 1, 1.5)], roomy=0)
    assert [[span.start for span in lane] for lane in row.lanes] == [[0, 1], [0.5, 1.5]]


def test_a_parent_that_was_not_recorded_is_no_parent():
    drawn, _ = rows([call(0, 1, request())])
    assert [row.depth for row in drawn] == [0]


def test_what_does_not_fit_is_counted():
    spans = [call(n, n + 1, name=f"GET /{n}/") for n in range(MOST_ROWS + 5)]
    drawn, left_out = rows(spans)
    assert (len(drawn), left_out) == (MOST_ROWS, 5)
    assert len(spans) > ROOMY
