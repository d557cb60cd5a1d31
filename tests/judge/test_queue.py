"""A judged project's tasks: retries, delays and crontabs at times that the judge names."""

import datetime

import pytest

from workbook_site.checking import Failure

SETTINGS = """
from mysite.start import *
from pathlib import Path

INSTALLED_APPS = [*INSTALLED_APPS, "huey.contrib.djhuey", "blog"]
DEBUG = True  # huey alone would run every task at once
HUEY = {
    "huey_class": "huey.SqliteHuey",
    "connection": {"filename": str(BASE_DIR / "queue.sqlite3")},
    "consumer": {"workers": 4},
}
"""

TASKS = """
import time
from django.core.mail import send_mail
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task, periodic_task
from blog.models import Post

@db_periodic_task(crontab(hour="7", minute="30"))
def digest():
    send_mail("Digest", f"{Post.objects.count()} posts", "desk@example.com", ["all@example.com"])

@periodic_task(crontab(minute="*/10"))
def clean(): ...

@db_task(retries=3, retry_delay=10, retry_backoff=2)
def flaky(pk):
    post = Post.objects.get(pk=pk)
    post.tries += 1
    post.save()
    time.sleep(30)
    if post.tries < 3:
        raise OSError("not yet")
    return post.tries
"""

MODELS = """
from django.db import models

class Post(models.Model):
    tries = models.IntegerField(default=0)
"""

URLS = """
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.urls import path
from blog.models import Post

def publish(request):
    from blog.tasks import flaky
    with transaction.atomic():
        post = Post.objects.create()
        transaction.on_commit(lambda: flaky(post.pk))
    return JsonResponse({"pk": post.pk})

urlpatterns = [path("publish/", publish)]
"""


@pytest.fixture
def asked(ask):
    from workbook_site import places

    start = (places.starter() / "mysite/settings.py").read_text()
    files = {"mysite/start.py": start, "mysite/settings.py": SETTINGS, "mysite/urls.py": URLS}
    files |= {"blog/__init__.py": "", "blog/models.py": MODELS, "blog/tasks.py": TASKS}
    return lambda check, **more: ask({**files, **more}, check)


def moment(hour, minute):
    return datetime.datetime(2026, 3, 4, hour, minute, tzinfo=datetime.UTC)


def names(ran):
    return [each.name for each in ran]


def test_a_crontab_fires_in_its_minute_and_in_no_other(asked):
    async def check(site):
        assert await site.tasks.run() == []
        assert names(await site.tasks.run(moment(7, 31))) == []
        assert names(await site.tasks.run(moment(7, 40))) == ["blog.tasks.clean"]
        assert await site.outbox() == []
        assert sorted(names(await site.tasks.run(moment(7, 30)))) == [
            "blog.tasks.clean",
            "blog.tasks.digest",
        ]
        (mail,) = await site.outbox()
        assert (mail.subject, mail.body) == ("Digest", "0 posts")

    asked(check)


def test_a_moment_may_be_told_in_any_zone(asked):
    async def check(site):
        berlin = datetime.timezone(datetime.timedelta(hours=1))
        ran = await site.tasks.run(datetime.datetime(2026, 3, 4, 8, 30, tzinfo=berlin))
        assert "blog.tasks.digest" in names(ran)

    asked(check)


def test_retries_come_when_they_are_due_and_back_off(asked):
    async def check(site):
        answer = (await site.post("/publish/")).status(200)
        assert answer.waited < 1
        first = moment(23, 1)
        (ran,) = await site.tasks.run(first)
        assert (ran.error, ran.retried) == ("OSError: not yet", True)
        (waiting,) = await site.tasks.queued()
        assert waiting.eta - first == datetime.timedelta(seconds=10)
        assert await site.tasks.run(first + datetime.timedelta(seconds=9)) == []
        (ran,) = await site.tasks.run(waiting.eta)
        assert ran.retried
        (again,) = await site.tasks.queued()
        assert again.eta - waiting.eta == datetime.timedelta(seconds=20)
        (ran,) = await site.tasks.run(again.eta)
        assert (ran.result, ran.error, ran.retried) == (3, None, False)
        assert await site.rows("blog.Post", tries=3)

    asked(check)


def test_tasks_that_cannot_be_imported_are_told_with_their_line(asked):
    async def check(site):
        with pytest.raises(Failure, match="NameError") as caught:
            await site.tasks.run()
        assert "blog/tasks.py, line 1" in str(caught.value.actual)

    asked(check, **{"blog/tasks.py": "nonsense\n"})
