"""The first layout of Lab: made once, never overwritten, its addresses mended."""

import json

import pytest

from workbook_site.classroom import layout

SITE = "server-proxy:server-proxy:workbook-site"


@pytest.fixture
def arrange(tmp_path):
    """Arrange, and read what is there then."""

    def arranged(base="/", notebook="00_first.ipynb"):
        layout.arrange(tmp_path, base, notebook)
        (path,) = tmp_path.iterdir()
        return path, json.loads(path.read_text())

    return arranged


def test_the_chapter_is_left_the_welcome_right_above_the_site(arrange):
    _, made = arrange("/user/ada/", "my work/00_first.ipynb")
    data = made["data"]
    left, right = data["layout-restorer:data"]["main"]["dock"]["children"]
    assert left["widgets"] == ["notebook:my work/00_first.ipynb"]
    shown = [data[area["widgets"][0]]["data"]["url"] for area in right["children"]]
    assert shown == ["/user/ada/workbook/welcome", "/user/ada/workbook/site"]
    assert made["metadata"]["id"] == "workbook"


def test_what_the_learner_made_of_it_stays(arrange):
    path, made = arrange()
    made["data"]["layout-restorer:data"]["main"]["dock"] = {"type": "tab-area", "widgets": []}
    del made["data"][SITE]
    path.write_text(json.dumps(made))
    assert arrange()[1] == made


def test_an_address_of_another_day_is_mended(arrange):
    path, made = arrange()
    made["data"][SITE]["data"]["url"] = "http://localhost:8899/workbook/site"
    path.write_text(json.dumps(made))
    assert arrange("/hub/")[1]["data"][SITE]["data"]["url"] == "/hub/workbook/site"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"data": []}', f'{{"data": {{"{SITE}": 1}}}}'])
def test_a_broken_one_is_left_to_lab(arrange, text):
    path, _ = arrange()
    path.write_text(text)
    layout.arrange(path.parent, "/", "00_first.ipynb")
    assert path.read_text() == text
