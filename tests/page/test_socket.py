"""The socket: who may listen, and that what is committed arrives."""

import json

import pytest
import websockets
from websockets.sync.client import connect

from tests.page.house import python, send

CHANGE = """
from workbook_site.grading import store
store.remark(Student.objects.get(pk={pk}), {chapter!r}, {exercise!r}, by="ada", points={points})
"""


def listen(house, client=None, origin=None, since=0, **more):
    cookies = "; ".join(f"{n}={v}" for n, v in (client.cookies.items() if client else ()))
    return connect(
        f"ws://127.0.0.1:{house.port}/live/?since={since}",
        origin=origin or house.address,
        additional_headers={"Cookie": cookies} if cookies else {},
        open_timeout=30,
        **more,
    )


def test_a_stranger_hears_nothing(house, place):
    with pytest.raises(websockets.InvalidStatus), listen(house):
        pass


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://127.0.0.1:1", "null", "http://localhost"]
)
def test_a_page_from_elsewhere_hears_nothing_with_an_instructors_cookies(house, place, ada, origin):
    with pytest.raises(websockets.InvalidStatus), listen(house, ada, origin):
        pass


def test_what_another_process_commits_arrives(house, place, ada):
    pk, chapter, exercise = place
    with listen(house, ada) as socket:
        begin = json.loads(socket.recv(timeout=30))
        assert {f"s{pk}"} < set(begin["rows"])
        python(house.folder, CHANGE.format(pk=pk, chapter=chapter, exercise=exercise, points=2.75))
        news = json.loads(socket.recv(timeout=30))
    assert set(news["rows"]) == {f"s{pk}"}
    assert "2.75" in news["rows"][f"s{pk}"]
    assert news["last"] > begin["last"]
    assert news["states"] == {"graded": 3, "failed": 3}
    assert "<script" not in news["rows"][f"s{pk}"]


def test_who_was_away_hears_what_was_missed_and_no_more(house, place, ada):
    pk, chapter, exercise = place
    with listen(house, ada) as socket:
        last = json.loads(socket.recv(timeout=30))["last"]
    python(house.folder, CHANGE.format(pk=pk, chapter=chapter, exercise=exercise, points=1.25))
    with listen(house, ada, since=last) as socket:
        assert set(json.loads(socket.recv(timeout=30))["rows"]) == {f"s{pk}"}


def test_whoever_logs_out_hears_nothing_more(house, place):
    pk, chapter, exercise = place
    with house.instructor("sam") as sam, listen(house, sam) as socket:
        json.loads(socket.recv(timeout=30))
        assert send(sam, "/logout/").status_code == 302
        python(house.folder, CHANGE.format(pk=pk, chapter=chapter, exercise=exercise, points=0))
        with pytest.raises(websockets.ConnectionClosed) as closed:
            socket.recv(timeout=30)
        assert closed.value.rcvd.code == 4401
