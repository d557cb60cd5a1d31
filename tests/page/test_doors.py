"""Nothing without a login: a walk through every address there is, and the ways in."""

import json
import re

import pytest

from tests.page.house import House, login, python, send

OPEN = {"login", "health", "asset"}
WALK = """
import json
from django.urls import get_resolver
def walk(patterns):
    for each in patterns:
        if hasattr(each, "url_patterns"): yield from walk(each.url_patterns)
        else: yield [each.name, str(each.pattern)]
print(json.dumps(list(walk(get_resolver().url_patterns))))
"""


@pytest.fixture(scope="module")
def addresses(house, place):
    """Every address by name, with a student and an exercise that exist."""
    student, chapter, exercise = place
    known = {"pk": student, "chapter": chapter, "exercise": exercise, "name": "grades.csv"}
    known["digest"] = "0"
    walked = json.loads(python(house.folder, WALK))
    assert len(walked) > 10
    return {
        name: "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(known[found[1]]), pattern)
        for name, pattern in walked
    }


def test_no_page_answers_a_stranger(house, addresses):
    with house.stranger() as stranger:
        for name, address in addresses.items():
            for way in (stranger.get, stranger.head):
                got = way(address)
                if name in OPEN:
                    assert got.status_code in (200, 404), name
                else:
                    assert got.status_code == 302, name
                    assert got.headers["location"].startswith("/login/?next="), name


def test_no_form_is_taken_from_a_stranger(house, addresses):
    with house.stranger() as stranger:
        for name, address in addresses.items():
            if name not in OPEN:
                got = send(stranger, address, comment="mine", points="3")
                assert got.status_code == 302, name
                assert got.headers["location"].startswith("/login/"), name


def test_all_of_them_answer_an_instructor(ada, addresses):
    for name, address in addresses.items():
        if name not in OPEN and name not in ("logout", "regrade", "remark"):
            assert ada.get(address).status_code == 200, name


def test_a_form_without_the_token_or_from_elsewhere_is_refused(house, ada, addresses):
    token = {"csrfmiddlewaretoken": ada.cookies["workbook_csrf"]}
    for name in ("remark", "regrade", "hand-in", "logout", "password"):
        assert ada.post(addresses[name]).status_code == 403, name
        for origin in ("https://evil.example", f"http://127.0.0.1:{house.port + 1}"):
            got = ada.post(addresses[name], data=token, headers={"Origin": origin})
            assert got.status_code == 403, name


def test_every_answer_carries_the_policy_and_is_kept_nowhere(ada, addresses):
    for name, address in addresses.items():
        if name in ("logout", "regrade", "remark"):
            continue
        got = ada.get(address)
        policy = got.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert got.headers["cache-control"] == "no-store", name
        assert got.headers["x-content-type-options"] == "nosniff"
        if got.headers["content-type"].startswith("text/html"):
            assert not re.search(r"<script(?![^>]* src=)|<style|<base|javascript:", got.text), name


def test_a_host_that_is_not_ours_is_refused(house):
    with house.stranger() as stranger:
        assert stranger.get("/health/", headers={"Host": "evil.example"}).status_code == 400


def test_the_first_password_opens_one_page_until_it_is_changed(tmp_path):
    with House(tmp_path / "gradebook") as house, house.stranger() as first:
        assert len(house.password) > 20
        assert login(first, "instructor", house.password).status_code == 302
        for path in ("/", "/exports/grades.csv", "/hand-in/"):
            assert first.get(path).headers["location"] == "/password/"
        for bad in ("short", house.password, "password123456"):
            got = send(first, "/password/", new_password1=bad, new_password2=bad)
            assert got.status_code == 200, bad
        mine = {"new_password1": "tea in the afternoon", "new_password2": "tea in the afternoon"}
        assert send(first, "/password/", **mine).status_code == 302
        assert first.get("/").status_code == 200
        with house.stranger() as second:
            assert login(second, "instructor", house.password).status_code == 403
            assert login(second, "instructor", "tea in the afternoon").status_code == 302
    with House(tmp_path / "gradebook") as again:
        assert again.password is None
        # The key is kept: a restart logs nobody out.
        assert first.cookies["workbook_session"]
        with again.stranger() as known:
            known.cookies.update(first.cookies)
            assert known.get("/").status_code == 200


def test_a_new_password_ends_all_other_sessions(house):
    with house.instructor("eve") as one, house.stranger() as two:
        two.cookies.set("workbook_session", one.cookies["workbook_session"])
        assert two.get("/").status_code == 200
        mine = {"new_password1": "a river runs by it", "new_password2": "a river runs by it"}
        assert send(one, "/password/", **mine).status_code == 302
        assert one.get("/").status_code == 200
        assert two.get("/").status_code == 302


def test_guessing_is_stopped_even_when_the_guess_is_right(house):
    with house.instructor("bob"), house.stranger() as guesser:
        tries = [login(guesser, "bob", "a wrong one").status_code for _ in range(6)]
        assert tries == [403] * 5 + [429]
        assert login(guesser, "bob", "correct horse battery").status_code == 429


def test_a_login_leads_nowhere_else(house):
    with house.instructor("kim"), house.stranger() as client:
        data = {"name": "kim", "password": "correct horse battery"}
        got = send(client, "/login/?next=https://evil.example/", **data)
        assert got.status_code == 302
        assert got.headers["location"] == "/"


def test_a_remark_is_signed_by_who_is_logged_in(house, place, ada):
    student, chapter, exercise = place
    path = f"/answers/{student}/{chapter}/{exercise}/"
    said = {"points": "1.5", "comment": "Nearly.", "by": "grace", "instructor": "grace"}
    assert send(ada, f"{path}remark/", **said).status_code == 302
    page = ada.get(path).text
    assert "<b>ada</b>" in page
    assert "<b>grace</b>" not in page
    assert send(ada, f"{path}remark/", points="-1", comment="").status_code == 400
    assert send(ada, f"{path}remark/", points="nan", comment="").status_code == 400
