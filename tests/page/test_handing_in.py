"""Notebooks through the page: whose they are, what is refused, and judging again."""

import io
import json
import zipfile

from tests.page.house import python, send

NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
TOLD = """
import json
print(json.dumps([[s.student.key, s.chapter, s.state, s.source] for s in Submission.objects.all()]))
"""


def hand_in(client, *files, **data):
    return send(client, "/hand-in/", files=[("files", file) for file in files], **data)


def notebook(mark=""):
    return json.dumps(NOTEBOOK | {"metadata": {"mark": mark}}).encode()


def there(house):
    return {tuple(each[:2]): each[2:] for each in json.loads(python(house.folder, TOLD))}


def test_a_name_tells_whose_it_is_else_the_form_does_else_it_is_on_the_list(house, ada):
    got = hand_in(ada, ("ada_01_async_views.ipynb", notebook("a")))
    assert "1 new, 0 here before" in got.text
    got = hand_in(ada, ("01_async_views.ipynb", notebook("b")), student="Grace / Hopper")
    assert "1 new" in got.text
    got = hand_in(ada, ("01_async_views.ipynb", notebook("c")))
    assert "0 new" in got.text
    assert "1 could not be placed" in got.text
    found = there(house)
    assert found["ada", "async_views"] == ["received", "uploaded.zip: ada_01_async_views.ipynb"]
    assert ("Grace   Hopper", "async_views") in found
    assert len(found) == 2
    assert "could not be placed" in ada.get("/").text


def test_the_same_file_again_is_taken_once(ada):
    file = ("lin_01_async_views.ipynb", notebook("same"))
    assert "1 new, 0 here before" in hand_in(ada, file).text
    assert "0 new, 1 here before" in hand_in(ada, file).text


def test_several_at_once_and_a_zip_that_climbs_out(house, ada):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("../../../tmp/eve/01_async_views.ipynb", notebook("up"))
        file.writestr("mia/01_async_views.ipynb", notebook("mia"))
    got = hand_in(
        ada,
        ("class.zip", packed.getvalue()),
        ("kay_01_async_views.ipynb", notebook("k")),
        ("kay_01_async_views.ipynb", notebook("k2")),
        ("bad_01_async_views.ipynb", b"<html>"),
    )
    assert "4 new" in got.text
    assert "1 that can&#x27;t be graded" in got.text or "1 that can't be graded" in got.text
    assert "1 could not be placed" in got.text
    assert there(house)["bad", "async_views"][0] == "failed"


def test_none_and_nonsense_are_told(ada):
    assert send(ada, "/hand-in/").status_code == 400
    got = hand_in(ada, ("class.zip", b"no zip at all"))
    assert got.status_code == 200
    assert "1 could not be placed" in got.text


def test_judging_again_keeps_remarks_and_what_was_before(house, ada, place):
    pk, chapter, exercise = place
    path = f"/answers/{pk}/{chapter}/{exercise}/"
    before = ada.get(path).text
    assert "Earlier verdict" in before
    got = send(ada, "/regrade/", chapter=chapter, student=str(pk))
    assert got.headers["location"] == f"/students/{pk}/"
    states = there(house)
    assert states["s1", chapter][0] == "received"
    assert states["s2", chapter][0] == "graded"
    assert ada.get(path).text.count("<details>") == before.count("<details>")
    assert send(ada, "/regrade/", chapter="no_such").status_code == 404
    assert send(ada, "/regrade/").headers["location"] == "/"
    assert there(house)["s2", chapter][0] == "received"


def test_a_late_policy_that_is_broken_is_told_and_hides_nobody(house, ada, place):
    policy = house.folder / "gradebook.toml"
    kept = policy.read_text()
    try:
        policy.write_text("[late]\npercent_a_day = 1000\n")
        page = ada.get("/")
        assert page.status_code == 200
        assert "Grace Hopper" in page.text
        assert "percent_a_day" in page.text
        for path in ("/exports/grades.csv", "/insight/"):
            got = ada.get(path)
            assert got.status_code == 409
            assert "percent_a_day" in got.text
        got = hand_in(ada, ("zoe_01_async_views.ipynb", notebook("zoe")))
        assert got.status_code == 409
    finally:
        policy.write_text(kept)
