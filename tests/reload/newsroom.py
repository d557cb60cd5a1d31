"""A small Django project on disk, to be loaded, changed and loaded again."""

import asyncio
import shutil
from pathlib import Path

import httpx

from workbook_site import places
from workbook_site.reload import load

MODELS = """
from django.contrib.auth.models import User
from django.db import models

class Post(models.Model):
    title = models.CharField(max_length=80)
    author = models.ForeignKey(User, on_delete=models.CASCADE, null=True)
"""
VIEWS = """
from django.http import JsonResponse

async def hello(request):
    return JsonResponse({"hello": "first"})
"""
URLS = """
from blog import views
urlpatterns += [path("hello/", views.hello)]
"""


class Newsroom:
    """`write` a file, `load` the project, `get` an answer of what serves."""

    def __init__(self, folder, **files):
        self.folder = (Path(folder) / "newsroom").resolve()
        shutil.copytree(places.starter(), self.folder)
        self.write("blog/__init__.py", "")
        self.write("blog/models.py", MODELS)
        self.write("blog/views.py", VIEWS)
        self.append("mysite/settings.py", 'INSTALLED_APPS += ["blog"]\n')
        self.append("mysite/urls.py", URLS)
        self.application = None

    def write(self, path, text):
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def append(self, path, text):
        self.write(path, (self.folder / path).read_text() + text)

    def replace(self, path, old, new):
        text = (self.folder / path).read_text()
        assert old in text
        self.write(path, text.replace(old, new))

    def load(self, **options):
        self.application = load(self.folder, **options)
        return self.application

    def get(self, path):
        async def ask():
            transport = httpx.ASGITransport(self.application)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
                return await http.get(path)

        return asyncio.run(ask())

    def says(self, path="/hello/"):
        return self.get(path).json()
