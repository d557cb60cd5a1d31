"""New code is what serves after a load, whatever changed in the project."""

import os
import sys

from tests.reload.apart import apart
from tests.reload.newsroom import Newsroom


@apart
def test_a_view_that_was_saved_answers(tmp_path):
    room = Newsroom(tmp_path)
    room.load()
    assert room.says() == {"hello": "first"}
    room.replace("blog/views.py", "first", "again")
    room.load()
    assert room.says() == {"hello": "again"}


@apart
def test_two_saves_of_equal_size_in_the_same_instant_are_told_apart(tmp_path):
    room = Newsroom(tmp_path)
    sys.dont_write_bytecode = False
    room.load()
    when = (room.folder / "blog/views.py").stat()
    room.replace("blog/views.py", "first", "after")
    os.utime(room.folder / "blog/views.py", ns=(when.st_atime_ns, when.st_mtime_ns))
    room.load()
    assert room.says() == {"hello": "after"}


@apart
def test_a_traceback_shows_the_line_as_it_is_now(tmp_path):
    room = Newsroom(tmp_path)
    room.append("blog/views.py", "\nasync def fails(request):\n    raise ValueError('one')\n")
    room.append("mysite/urls.py", 'urlpatterns += [path("fails/", views.fails)]\n')
    room.load()
    room.get("/fails/")
    room.replace("blog/views.py", "raise ValueError('one')", "raise KeyError('two')  # new")
    room.load()
    assert "raise KeyError(&#x27;two&#x27;)  # new" in room.get("/fails/").text


@apart
def test_a_new_app_and_a_removed_one(tmp_path):
    from django.apps import apps

    room = Newsroom(tmp_path)
    room.load()
    room.write("chat/__init__.py", "")
    room.write("chat/models.py", room.folder.joinpath("blog/models.py").read_text())
    room.replace("chat/models.py", "class Post", "class Line")
    room.append("mysite/settings.py", 'INSTALLED_APPS += ["chat"]\n')
    room.load()
    assert apps.get_model("chat.Line").__module__ == "chat.models"
    room.replace("mysite/settings.py", '\nINSTALLED_APPS += ["chat"]\n', "\n")
    room.load()
    assert not apps.is_installed("chat")
    assert "chat.models" not in sys.modules
    assert "chat" not in apps.all_models or not apps.all_models["chat"]


@apart
def test_a_changed_model_is_the_only_one_and_its_user_knows_it(tmp_path):
    from django.apps import apps

    room = Newsroom(tmp_path)
    room.load()
    from django.contrib.auth.models import User

    old = apps.get_model("blog.Post")
    room.append("blog/models.py", "    rating = models.IntegerField(default=0)\n")
    room.load()
    new = apps.get_model("blog.Post")
    assert new is not old
    assert new._meta.get_field("rating")
    assert User.post_set.rel.related_model is new
    assert [each.related_model for each in User._meta.related_objects].count(new) == 1
    assert old not in [each.related_model for each in User._meta.related_objects]


@apart
def test_a_renamed_or_removed_relation_leaves_no_trace_on_the_user(tmp_path):
    room = Newsroom(tmp_path)
    room.load()
    from django.contrib.auth.models import User

    room.replace("blog/models.py", "null=True)", 'null=True, related_name="stories")')
    room.load()
    assert hasattr(User, "stories")
    assert not hasattr(User, "post_set")
    room.write("blog/models.py", "")
    room.load()
    assert not hasattr(User, "stories")


@apart
def test_a_signal_calls_its_receiver_once(tmp_path):
    room = Newsroom(tmp_path)
    room.append(
        "blog/models.py",
        "\nfrom django.db.models.signals import pre_init\n"
        "from django.dispatch import receiver\n"
        "@receiver(pre_init)\n"
        "def seen(sender, **kwargs):\n"
        "    pre_init.calls.append('weak')\n"
        "pre_init.connect(lambda **kwargs: pre_init.calls.append('strong'), weak=False)\n",
    )
    from django.db.models.signals import pre_init

    pre_init.calls = []
    for _ in range(3):
        room.load()
    pre_init.calls.clear()
    sys.modules["blog.models"].Post(title="x")
    assert pre_init.calls == ["weak", "strong"]


@apart
def test_the_admin_knows_the_new_model_and_forgets_the_old(tmp_path):
    from django.contrib import admin

    room = Newsroom(tmp_path)
    room.write(
        "blog/admin.py",
        "from django.contrib import admin\nfrom blog.models import Post\n"
        "admin.site.register(Post)\n",
    )
    room.load()
    room.load()
    registered = [model.__name__ for model in admin.site._registry]
    assert sorted(registered) == ["Group", "Post", "User"]
    assert sys.modules["blog.models"].Post in admin.site._registry
    (room.folder / "blog/admin.py").unlink()
    room.load()
    assert sorted(model.__name__ for model in admin.site._registry) == ["Group", "User"]


@apart
def test_a_user_of_the_projects_own(tmp_path):
    room = Newsroom(tmp_path)
    room.write("blog/models.py", "from django.contrib.auth.models import AbstractUser\n")
    room.append("blog/models.py", "class Reader(AbstractUser):\n    pass\n")
    room.append("mysite/settings.py", 'AUTH_USER_MODEL = "blog.Reader"\n')
    room.load()
    room.load()
    from django.contrib.admin.models import LogEntry
    from django.contrib.auth import backends, get_user_model

    reader = sys.modules["blog.models"].Reader
    assert get_user_model() is reader
    assert backends.UserModel is reader
    assert LogEntry._meta.get_field("user").related_model is reader


@apart
def test_a_path_converter_may_be_registered_each_time(tmp_path):
    room = Newsroom(tmp_path)
    room.write(
        "blog/views.py",
        "from django.http import JsonResponse\n"
        "from django.urls import register_converter\n"
        "class Year:\n"
        "    regex = '[0-9]{4}'\n"
        "    def to_python(self, value): return int(value)\n"
        "    def to_url(self, value): return str(value)\n"
        "register_converter(Year, 'year')\n"
        "async def hello(request, year): return JsonResponse({'year': year})\n",
    )
    room.replace("mysite/urls.py", "hello/", "hello/<year:year>/")
    room.load()
    room.load()
    assert room.says("/hello/1999/") == {"year": 1999}


@apart
def test_each_setting_is_followed(tmp_path):
    room = Newsroom(tmp_path)
    room.load()
    from django.core.cache import cache
    from django.db import connections

    cache.set("kept", 1)
    room.append(
        "mysite/settings.py",
        'ROOT_URLCONF = "mysite.others"\n'
        'MIDDLEWARE.insert(0, "blog.middleware.mark")\n'
        'CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}\n'
        'DATABASES["default"]["NAME"] = BASE_DIR / "other.sqlite3"\n'
        'TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "missing!"\n',
    )
    room.write(
        "mysite/others.py",
        "from blog import views\nfrom django.shortcuts import render\n"
        "from django.urls import path\n"
        "def page(request): return render(request, 'page.html')\n"
        "urlpatterns = [path('other/', views.hello), path('page/', page)]\n",
    )
    room.write("blog/templates/page.html", "it is {{ nowhere }}")
    room.write(
        "blog/middleware.py",
        "def mark(get_response):\n"
        "    async def through(request):\n"
        "        response = await get_response(request)\n"
        "        response['X-Mark'] = 'seen'\n"
        "        return response\n"
        "    from asgiref.sync import markcoroutinefunction\n"
        "    return markcoroutinefunction(through)\n"
        "mark.async_capable, mark.sync_capable = True, False\n",
    )
    room.load()
    assert room.get("/hello/").status_code == 404
    assert room.get("/other/").headers["X-Mark"] == "seen"
    assert room.get("/page/").text == "it is missing!"
    assert cache.get("kept") is None
    assert connections["default"].settings_dict["NAME"].name == "other.sqlite3"


@apart
def test_a_template_that_was_edited_is_read_again(tmp_path):
    room = Newsroom(tmp_path)
    room.write("blog/templates/page.html", "one")
    room.append("blog/views.py", "from django.shortcuts import render\n")
    room.append("blog/views.py", "def page(request): return render(request, 'page.html')\n")
    room.append("mysite/urls.py", 'urlpatterns += [path("page/", views.page)]\n')
    room.load()
    assert room.get("/page/").text == "one"
    room.write("blog/templates/page.html", "two")
    room.load()
    assert room.get("/page/").text == "two"


@apart
def test_the_channel_layer_is_replaced_when_its_setting_changes_only(tmp_path):
    from channels.layers import get_channel_layer

    memory = '"channels.layers.InMemoryChannelLayer"'
    room = Newsroom(tmp_path)
    room.append("mysite/settings.py", f'CHANNEL_LAYERS = {{"default": {{"BACKEND": {memory}}}}}\n')
    room.load()
    layer = get_channel_layer()
    room.load()
    assert get_channel_layer() is layer
    room.append("mysite/settings.py", 'CHANNEL_LAYERS["default"]["CONFIG"] = {"capacity": 7}\n')
    room.load()
    assert get_channel_layer().capacity == 7


@apart
def test_connections_of_other_threads_are_closed_when_the_database_changes(tmp_path):
    import threading

    from django.db import connection, connections

    room = Newsroom(tmp_path)
    room.load()
    opened, again, seen = threading.Event(), threading.Event(), []

    def work():
        connection.ensure_connection()
        old = connections["default"]
        opened.set()
        again.wait()
        seen.append(old.connection)
        seen.append(connections["default"].settings_dict["NAME"].name)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    opened.wait()
    room.append("mysite/settings.py", 'DATABASES["default"]["NAME"] = BASE_DIR / "b.sqlite3"\n')
    room.load()
    again.set()
    thread.join()
    assert seen == [None, "b.sqlite3"]


@apart
def test_overrides_win_over_the_projects_settings(tmp_path):
    from django.conf import settings

    room = Newsroom(tmp_path)
    room.load(overrides={"EMAIL_BACKEND": "somewhere.else", "UPSTREAM_URL": "http://x"})
    assert settings.EMAIL_BACKEND == "somewhere.else"
    assert settings.UPSTREAM_URL == "http://x"
    assert settings.is_overridden("EMAIL_BACKEND")
    room.load()
    assert settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"


@apart
def test_another_folder_takes_the_place_of_the_first(tmp_path):
    one, two = Newsroom(tmp_path / "one"), Newsroom(tmp_path / "two")
    two.replace("blog/views.py", "first", "second")
    one.load()
    two.load()
    assert two.says() == {"hello": "second"}
    assert str(one.folder) not in sys.path
    assert sys.modules["blog.views"].__file__.startswith(str(two.folder))


@apart
def test_huey_and_its_tasks_are_made_anew(tmp_path):
    room = Newsroom(tmp_path)
    room.append(
        "mysite/settings.py",
        'INSTALLED_APPS += ["huey.contrib.djhuey"]\n'
        'HUEY = {"huey_class": "huey.MemoryHuey", "immediate": False}\n',
    )
    room.write("blog/tasks.py", "from huey.contrib.djhuey import task\n@task()\ndef add(a): ...\n")
    room.append("blog/views.py", "from blog import tasks\n")
    room.load()
    room.replace("blog/tasks.py", "def add(a)", "def add(a, b)")
    room.load()
    from huey.contrib.djhuey import HUEY

    assert list(HUEY._registry._registry) == ["blog.tasks.add"]
