"""What strangers wrote is shown as text, wherever it is shown."""

import csv
import html
import io
import zipfile
from html.parser import HTMLParser

import pytest

from tests.page.house import EVIL, send

VOID = {"onerror", "onload", "onclick"}


class Tags(HTMLParser):
    """Collects what a browser would take for tags."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def harmless(text):
    parser = Tags()
    parser.feed(text)
    for tag, attributes in parser.found:
        assert tag != "img", attributes
        assert tag != "script" or attributes["src"].startswith("/assets/"), attributes
        assert not any(name.startswith("on") for name in attributes), attributes
    return parser.found


@pytest.mark.parametrize("page", ["", "insight/", "students/{0}/", "answers/{0}/{1}/{2}/"])
def test_a_page_full_of_attacks_is_harmless(ada, place, page):
    got = ada.get("/" + page.format(*place))
    assert got.status_code == 200
    assert harmless(got.text)
    assert "alert(" in got.text.replace("&#x27;", "'"), "the attack is shown, as text"


def test_what_a_reader_types_comes_back_as_text(ada, place):
    harmless(ada.get("/", params={"search": EVIL, "chapter": EVIL}).text)
    student, chapter, exercise = place
    path = f"/answers/{student}/{chapter}/{exercise}/remark/"
    harmless(send(ada, path, points=EVIL, comment=EVIL).text)
    got = send(ada, "/hand-in/", student=EVIL, files={"files": (f"{EVIL}.ipynb", b"{}")})
    assert got.status_code == 200
    harmless(got.text)


def test_feedback_pages_are_harmless(ada, place):
    packed = zipfile.ZipFile(io.BytesIO(ada.get("/exports/feedback.zip").content))
    assert len(packed.namelist()) >= 6
    for name in packed.namelist():
        assert ".." not in name
        text = packed.read(name).decode()
        assert EVIL not in text
        assert html.escape("alert(") in text


def test_the_sums_on_the_page_are_those_of_the_export(ada, place):
    rows = list(csv.DictReader(io.StringIO(ada.get("/exports/grades.csv").text.lstrip("\ufeff"))))
    grace = next(row for row in rows if row["student"] == "s2")
    page = ada.get("/").text
    line = next(line for line in page.splitlines() if "Grace Hopper" in line)
    assert f"<b>{float(grace['points']):g}</b>" in line
    share = float(grace["points"]) / float(grace["possible"])
    assert f"<small>{share:.0%}</small>" in line
