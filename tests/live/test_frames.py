"""The site seen through a notebook: in an iframe, and behind a proxy that strips its prefix."""

import pytest

from workbook_site.live import frames

PORT = 9000


def scope(path="/chat/", **headers):
    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "path": path, "query_string": b"", "headers": told}


def through_the_proxy(**more):
    prefix = "/user/ada/proxy/9000"
    return scope(host="hub.org", x_forwarded_context=prefix, **more)


def headers(seen):
    return {name.decode(): value.decode() for name, value in seen["headers"]}


def test_a_direct_request_is_left_alone():
    asked = scope(host="127.0.0.1:9000", origin="http://evil.example")
    assert frames.seen_from_here(asked, PORT) is asked


def test_behind_the_proxy_the_project_is_below_the_prefix():
    seen = frames.seen_from_here(through_the_proxy(), PORT)
    assert seen["root_path"] == "/user/ada/proxy/9000"
    assert seen["path"] == "/user/ada/proxy/9000/chat/"
    assert headers(seen)["host"] == "127.0.0.1:9000"


def test_a_page_of_the_site_behind_the_proxy_is_of_the_same_origin():
    seen = frames.seen_from_here(through_the_proxy(origin="https://hub.org"), PORT)
    assert headers(seen)["origin"] == "http://127.0.0.1:9000"


@pytest.mark.parametrize("origin", ["https://evil.example", "https://hub.org.evil.example", "null"])
def test_a_foreign_page_stays_foreign(origin):
    seen = frames.seen_from_here(through_the_proxy(origin=origin), PORT)
    assert headers(seen)["origin"] == origin


def test_a_socket_comes_without_a_prefix_and_still_through_the_proxy():
    asked = scope(host="localhost:8888", origin="http://localhost:8888") | {"type": "websocket"}
    seen = frames.seen_from_here(asked, PORT)
    assert seen["path"] == "/chat/"
    assert headers(seen)["origin"] == "http://127.0.0.1:9000"


def test_a_page_that_rebinds_its_name_to_us_is_not_taken_for_the_proxy():
    asked = scope(host="evil.example:9000", origin="http://evil.example:9000")
    assert frames.seen_from_here(asked, PORT) is asked


def answered(asked, *response, run):
    """The headers that leave the door."""
    sent = []

    async def send(message):
        sent.append(message)

    message = {"type": "http.response.start", "status": 302, "headers": list(response)}
    run(frames.for_the_frame(asked, send, frames.is_framed(asked))(message))
    return dict(sent[0]["headers"])


REFUSAL = (b"X-Frame-Options", b"DENY")


@pytest.mark.parametrize(
    ("asked", "stays"),
    [
        ({"sec_fetch_dest": "iframe"}, False),
        ({"user_agent": "Mozilla/5.0"}, False),
        ({"sec_fetch_dest": "document", "user_agent": "Mozilla/5.0"}, True),
        ({"user_agent": "python-httpx/0.28"}, True),
        ({}, True),
    ],
)
def test_only_a_frame_is_spared_the_refusal_to_be_framed(asked, stays, run):
    told = answered(scope(host="127.0.0.1:9000", **asked), REFUSAL, (b"a", b"b"), run=run)
    assert (REFUSAL[0] in told) is stays
    assert told[b"a"] == b"b"


def test_the_proxy_gets_redirects_without_the_prefix_that_it_adds(run):
    asked = frames.seen_from_here(through_the_proxy(), PORT)
    told = answered(asked, (b"Location", b"/user/ada/proxy/9000/login/?next=/x/"), run=run)
    assert told[b"Location"] == b"/login/?next=/x/"
    told = answered(asked, (b"Location", b"https://elsewhere.org/"), run=run)
    assert told[b"Location"] == b"https://elsewhere.org/"
