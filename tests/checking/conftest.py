"""Projects that a Site is asked about: small, and written where they are read."""

import textwrap

import pytest

URLS = """
import asyncio, json, threading, time
import httpx
from django.conf import settings
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path

"""


@pytest.fixture
def views():
    """A project with these views: each function is served at `/its-name/`."""

    def project(code, **more):
        code = textwrap.dedent(code)
        names = [
            line.split("def ")[1].split("(")[0]
            for line in code.splitlines()
            if line.startswith(("def ", "async def ")) and "(request" in line
        ]
        routes = ", ".join(f'path("{name}/", {name})' for name in names)
        files = {"mysite/urls.py": f"{URLS}{code}\n\nurlpatterns = [{routes}]\n"}
        return {**files, **{path: textwrap.dedent(text) for path, text in more.items()}}

    return project


@pytest.fixture
def newsroom():
    """The files of a project with a small app `blog`: a model, tasks, a service, mails."""
    return {
        "blog/__init__.py": "",
        "blog/models.py": MODELS,
        "blog/services.py": SERVICES,
        "blog/tasks.py": TASKS,
        "mysite/urls.py": URLS + BLOG_URLS,
        "mysite/more.py": "",
        "mysite/settings.py": "from mysite.start import *\n" + SETTINGS,
        "mysite/start.py": _starter_settings(),
    }


def _starter_settings():
    from workbook_site import places

    return (places.starter() / "mysite" / "settings.py").read_text()


SETTINGS = """
INSTALLED_APPS = [*INSTALLED_APPS, "huey.contrib.djhuey", "blog"]
HUEY = {"huey_class": "huey.RedisHuey", "immediate": True, "results": True}
"""

MODELS = """
from django.conf import settings
from django.db import models

class Post(models.Model):
    title = models.CharField(max_length=100)
    public = models.BooleanField(default=False)
    price = models.DecimalField(max_digits=6, decimal_places=2, default="1.50")
    at = models.DateTimeField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True)
"""

SERVICES = """
from blog.models import Post

def total(*numbers, plus=0):
    return sum(numbers) + plus

async def titles():
    return [post.title async for post in Post.objects.order_by("pk")]

def broken(number):
    return {"share": 1 / number}

def secret():
    return object()

forgotten = 3
"""

TASKS = """
import datetime
from django.core.mail import send_mail
from huey.contrib.djhuey import db_task, task
from blog.models import Post

@db_task()
def publish(pk):
    Post.objects.filter(pk=pk).update(public=True)
    return pk

@db_task(retries=2, retry_delay=60)
def shaky(pk):
    Post.objects.create(title="tried")
    raise ValueError(f"not {pk}")

@task()
def mail(to):
    send_mail("Hello", "How are you?", "desk@example.com", [to], html_message="<b>How?</b>")

@task(priority=5)
def urgent(when):
    return str(when)
"""

BLOG_URLS = """
import datetime
from blog import tasks
from blog.models import Post

async def publish(request, pk):
    tasks.publish(pk)
    return JsonResponse({"queued": True})

def later(request):
    tasks.publish.schedule(args=(1,), delay=3600)
    tasks.shaky(7)
    tasks.mail("ada@example.com")
    tasks.urgent(datetime.datetime(2026, 1, 2))
    return JsonResponse({})

async def me(request):
    user = await request.auser()
    return JsonResponse({"user": user.get_username()})

async def create(request):
    post = await Post.objects.acreate(title=request.POST["title"])
    return JsonResponse({"id": post.pk})

urlpatterns = [
    path("publish/<int:pk>/", publish), path("later/", later), path("me/", me),
    path("create/", create),
]
"""
