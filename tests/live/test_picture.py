"""Pictures of pages: what comes along, what stays out, and what is said of those that have none."""

import http.server
import threading
from base64 import b64encode
from html import unescape

import pytest

from workbook_site.live import picture

PIXEL = b"\x89PNG pixel"
PAGE = b"""<!doctype html><html lang="en"><head><title>News</title>
<link rel="stylesheet" href="style.css"><link rel="icon" href="/icon">
<script>lost()</script></head><body class="a &amp; b" onload="lost()">
<h1>News &amp; more</h1><a href="/x" id="kept">read</a>
<img alt="dot" src="dot.png" onerror="lost()">
<img alt="far" src="http://elsewhere.test/far.png"><iframe src="/"><p>lost</p></iframe>
<svg><defs><path id="p"/></defs><use xlink:href="#p"/></svg><a href="#p">there</a>
<form action="/send"><input value="&quot;>"></form><p>end</p></body></html>"""


class Site(http.server.BaseHTTPRequestHandler):
    """A small site; `silent` is let go at the end of a test."""

    silent = threading.Event()

    def do_GET(self):
        getattr(self, self.path.strip("/").replace(".", "_") or "news")()

    def say(self, kind, body, status=200, **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def news(self):
        self.say("text/html; charset=utf-8", PAGE)

    def style_css(self):
        self.say("text/css", b"h1 { color: teal }")

    def dot_png(self):
        self.say("image/png", PIXEL)

    def moved(self):
        self.say("text/html", b"", 302, Location="/")

    def data(self):
        self.say("application/json", b'{"a": "<b>"}')

    def gone(self):
        self.say("text/plain", b"nothing here", 404)

    def film(self):
        self.say("video/mp4", b"12345")

    def large(self):
        self.say("text/plain", b"x" * (picture.LARGEST + 1))

    def stream(self):
        self.say("text/event-stream", b"data: one\n\n")
        self.wfile.flush()
        self.silent.wait()

    def never(self):
        self.silent.wait()

    def log_message(self, *args): ...


@pytest.fixture(scope="module")
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Site.silent.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(picture, "WATCHED", 0.1)


def test_a_page_brings_its_style_and_its_images_along(site):
    taken = picture.taken(site, "/")
    assert "<style>h1 { color: teal }</style>" in taken
    assert f'src="data:image/png;base64,{b64encode(PIXEL).decode()}"' in taken
    assert 'class="a &amp; b"' in taken
    assert "<h1>News &amp; more</h1>" in taken
    assert 'value="&quot;&gt;"' in taken
    assert '<use xlink:href="#p" />' in taken


def test_what_would_run_or_lead_away_stays_out(site):
    taken = picture.taken(site, "/")
    assert "<p>end</p>" in taken
    assert '<a id="kept">read</a>' in taken
    assert "<a>there</a>" in taken
    for word in ("lost", " href", "action", "elsewhere", "onload", "onerror", "<iframe"):
        assert word not in taken
    assert taken.index("Content-Security-Policy") < taken.index("<html")


def test_a_redirect_is_followed(site):
    assert "<h1>News" in picture.taken(site, "/moved")


def test_what_is_no_page_is_shown_as_text(site):
    assert "{&quot;a&quot;: &quot;&lt;b&gt;&quot;}" in picture.taken(site, "/data")
    gone = picture.taken(site, "/gone")
    assert "The site answered 404." in gone
    assert "nothing here" in gone


def test_a_file_is_named(site):
    assert "A file of type video/mp4, 5 bytes." in picture.taken(site, "/film")


def test_of_too_much_the_beginning_is_shown(site):
    taken = picture.taken(site, "/large")
    assert "larger than 200,000 bytes" in taken
    assert len(taken) < picture.LARGEST + 2_000


def test_a_stream_is_watched_for_a_moment(site):
    taken = picture.taken(site, "/stream")
    assert "A stream" in taken
    assert "data: one" in taken


def test_a_page_that_does_not_answer_is_given_up(site, monkeypatch):
    monkeypatch.setattr(picture, "PATIENCE", 0.2)
    assert "had not answered within 0.2 seconds" in picture.taken(site, "/never")


def test_where_nobody_is_a_sentence_says_so():
    assert "could not be fetched" in unescape(picture.taken("http://127.0.0.1:1", "/"))
    assert "could not be fetched" in picture.taken("http://127.0.0.1:1", "http://[bad/")
