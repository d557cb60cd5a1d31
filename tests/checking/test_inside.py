"""Verbs that look into the project: functions, rows, users, mails, files, tasks."""

import datetime
from decimal import Decimal

import pytest

from workbook_site.checking import Failure


@pytest.fixture
def asked(ask, newsroom):
    return lambda check: ask(newsroom, check)


def failure(asked, check):
    with pytest.raises(Failure) as raised:
        asked(check)
    return raised.value


# --- Functions ---


def test_functions_are_called_sync_and_async(asked):
    async def check(site):
        assert await site.call("blog.services.total", 1, 2, plus=3) == 6
        await site.add("blog.Post", title="one")
        assert await site.call("blog.services.titles") == ["one"]

    asked(check)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("blog.nothing.total", "no module 'blog.nothing'"),
        ("blog.services.nothing", "blog.services has no 'nothing'"),
        ("blog.services.forgotten", "blog.services.forgotten is int, not a function"),
        ("blog.services.secret", "JSON can't carry"),
    ],
)
def test_what_cannot_be_called_is_said(asked, path, message):
    assert message in failure(asked, lambda site: site.call(path)).message


def test_an_exception_in_a_function_is_the_learners(asked):
    found = failure(asked, lambda site: site.call("blog.services.broken", 0))
    assert found.message == "Your code raised ZeroDivisionError: division by zero"
    assert "1 / number" in found.actual


# --- Rows and users ---


def test_many_rows_are_added_at_once_in_their_order(asked):
    async def check(site):
        assert await site.add_all("blog.Post", []) == []
        titles = ["one", "two", "three"]
        keys = await site.add_all("blog.Post", [{"title": title} for title in titles])
        rows = {row["id"]: row["title"] for row in await site.rows("blog.Post")}
        assert [rows[key] for key in keys] == titles

    asked(check)
    wrong = [{"title": "x"}, {"headline": "x"}]
    found = failure(asked, lambda site: site.add_all("blog.Post", wrong))
    assert "no field 'headline'" in found.message


def test_rows_are_read_with_their_types(asked):
    async def check(site):
        pk = await site.add("blog.Post", title="one", public=True, price="2.25")
        await site.add("blog.Post", title="two", at="2026-01-02T03:04:05Z")
        (row,) = await site.rows("blog.Post", title="one")
        assert row == {
            "id": pk,
            "title": "one",
            "public": True,
            "price": Decimal("2.25"),
            "at": None,
            "author_id": None,
        }
        moment = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
        assert [each["title"] for each in await site.rows("blog.Post", at=moment)] == ["two"]
        assert len(await site.rows("blog_post", public=False, at=None)) == 0

    asked(check)


def test_rows_of_an_unknown_model_or_column(asked):
    assert "blog_post" in failure(asked, lambda site: site.rows("blog.Article")).nudge
    assert "no column 'name'" in failure(asked, lambda s: s.rows("blog.Post", name=1)).message


def test_a_row_with_an_unknown_field_names_those_there_are(asked):
    found = failure(asked, lambda site: site.add("blog.Post", headline="x"))
    assert "'headline'" in found.message
    assert "title" in found.message


def test_a_form_is_posted_and_its_row_is_there(asked):
    async def check(site):
        word = site.word()
        made = (await site.post("/create/", data={"title": word})).status(200).json()
        assert await site.rows("blog.Post", id=made["id"], title=word)

    asked(check)


def test_a_user_is_logged_in(asked):
    async def check(site):
        (await site.get("/me/", user="ada")).json({"user": "ada"})
        (await site.get("/me/")).json({"user": ""})
        assert len(await site.rows("auth.User")) == 1
        (await site.get("/me/", user="ada")).json({"user": "ada"})
        assert len(await site.rows("auth.User")) == 1

    asked(check)


def test_a_user_may_be_added_with_a_password(asked):
    async def check(site):
        await site.add("auth.User", username="bob", password="secret")
        (row,) = await site.rows("auth.User")
        assert row["password"].startswith("md5$")

    asked(check)


# --- Files ---


def test_the_source_is_read_from_the_copy(asked):
    async def check(site):
        assert "def total" in site.source("blog/services.py")
        with pytest.raises(Failure, match=r"no file blog/none\.py"):
            site.source("blog/none.py")

    asked(check)


# --- Tasks and mails ---


def test_a_view_queues_and_nothing_runs_by_itself(asked):
    async def check(site):
        pk = await site.add("blog.Post", title="x")
        (await site.get(f"/publish/{pk}/")).json({"queued": True})
        (task,) = await site.tasks.queued()
        assert (task.name, task.args, task.kwargs) == ("blog.tasks.publish", (pk,), {})
        assert task.eta is None
        assert not (await site.rows("blog.Post"))[0]["public"]
        (ran,) = await site.tasks.run()
        assert (ran.name, ran.result, ran.error) == ("blog.tasks.publish", pk, None)
        assert (await site.rows("blog.Post"))[0]["public"]
        assert await site.tasks.queued() == []

    asked(check)


def test_tasks_run_when_they_are_due(asked):
    async def check(site):
        (await site.get("/later/")).status(200)
        queued = {task.name.rpartition(".")[2]: task for task in await site.tasks.queued()}
        assert queued.keys() == {"urgent", "shaky", "mail", "publish"}
        assert queued["urgent"].args == (datetime.datetime(2026, 1, 2),)
        assert (queued["shaky"].retries, queued["urgent"].priority) == (2, 5)
        first = await site.tasks.run()
        assert [each.name.rpartition(".")[2] for each in first] == ["urgent", "shaky", "mail"]
        assert first[0].result == "2026-01-02 00:00:00"
        assert (first[1].error, first[1].retried) == ("ValueError: not 7", True)
        eta = queued["publish"].eta
        then = await site.tasks.run(eta + datetime.timedelta(seconds=1))
        assert sorted(each.name.rpartition(".")[2] for each in then) == ["publish", "shaky"]
        late = await site.tasks.run(eta + datetime.timedelta(hours=1))
        assert [(each.error, each.retried) for each in late] == [("ValueError: not 7", False)]
        assert len(await site.rows("blog.Post", title="tried")) == 3

    asked(check)


def test_mails_are_read_from_outside(asked):
    async def check(site):
        assert await site.outbox() == []
        (await site.get("/later/")).status(200)
        await site.tasks.run()
        (mail,) = await site.outbox()
        assert (mail.subject, mail.sender, mail.to) == (
            "Hello",
            "desk@example.com",
            ("ada@example.com",),
        )
        assert (mail.body, mail.html) == ("How are you?", "<b>How?</b>")

    asked(check)


def test_a_project_without_a_queue_is_told_so(ask, views):
    code = "def hello(request): return HttpResponse()"
    with pytest.raises(Failure, match="no huey queue"):
        ask(views(code), lambda site: site.tasks.run())
    assert ask(views(code), lambda site: site.tasks.queued()) == []
