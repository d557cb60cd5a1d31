"""A version that can't be loaded changes nothing, and its author is told why in their own words."""

import os
import sys
import warnings

from tests.reload.apart import apart
from tests.reload.newsroom import Newsroom


def refused(room, **options):
    """The error of a load that has to fail."""
    from workbook_site.reload import ProjectError

    try:
        room.load(**options)
    except ProjectError as error:
        return error
    raise AssertionError("this project should not load")


def picture():
    """What a load may change in the process."""
    from django.apps import apps
    from django.conf import settings
    from django.contrib import admin
    from django.contrib.auth.models import User
    from django.db.models.signals import post_save

    return {
        "modules": {n: m for n, m in sys.modules.items() if n.startswith(("blog", "mysite"))},
        "apps": list(apps.app_configs),
        "models": apps.get_models(),
        "settings": settings._wrapped,
        "admin": dict(admin.site._registry),
        "relations": list(User._meta.related_objects),
        "receivers": list(post_save.receivers),
        "path": list(sys.path),
        "zone": os.environ.get("TZ"),
    }


@apart
def test_the_last_good_version_goes_on_whatever_breaks(tmp_path):
    room = Newsroom(tmp_path)
    room.append(
        "blog/models.py",
        "\nfrom django.db.models.signals import post_save\nfrom django.dispatch import receiver\n"
        "@receiver(post_save, sender=Post)\ndef saved(**kwargs): pass\n",
    )
    room.load()
    before = picture()
    files = {"blog/views.py", "blog/models.py", "mysite/settings.py", "mysite/urls.py"}
    good = {path: (room.folder / path).read_text() for path in files}
    for path, text, kind in [
        ("blog/views.py", "async def hello(request)\n", "SyntaxError"),
        ("blog/views.py", "import nowhere_at_all\n", "ModuleNotFoundError"),
        ("blog/views.py", "1 / 0\n", "ZeroDivisionError"),
        ("blog/views.py", "import sys\nsys.exit(3)\n", "SystemExit"),
        ("blog/models.py", good["blog/models.py"] + "1 / 0\n", "ZeroDivisionError"),
        ("mysite/settings.py", "INSTALLED_APPS = 'blog'\n", "ImproperlyConfigured"),
        ("mysite/settings.py", good["mysite/settings.py"] + "1 / 0\n", "ZeroDivisionError"),
        (
            "mysite/settings.py",
            good["mysite/settings.py"] + 'TIME_ZONE = "Asia/Tokyo"\nINSTALLED_APPS += ["none"]\n',
            "ModuleNotFoundError",
        ),
        ("mysite/urls.py", "urlpatterns = [1]\n", "ImproperlyConfigured"),
    ]:
        room.write(path, text)
        error = refused(room)
        assert type(error.cause).__name__ in (kind, "SystemCheckError"), (path, text, error.text)
        assert picture() == before, (path, text)
        assert room.says() == {"hello": "first"}
        room.write(path, good[path])
    room.replace("blog/views.py", "first", "second")
    room.load()
    assert room.says() == {"hello": "second"}


@apart
def test_only_the_learners_frames_are_told(tmp_path):
    room = Newsroom(tmp_path)
    room.load()
    room.write("blog/views.py", "def work():\n    return 1 / 0\n\nwork()\n")
    error = refused(room)
    # Each version of Python marks the spot below a line in its own way.
    told = [line for line in error.text.splitlines(True) if line.strip(" ~^\n")]
    assert "".join(told) == (
        "Traceback (most recent call last):\n"
        f'  File "{room.folder}/mysite/urls.py", line 11, in <module>\n'
        "    from blog import views\n"
        f'  File "{room.folder}/blog/views.py", line 4, in <module>\n'
        "    work()\n"
        f'  File "{room.folder}/blog/views.py", line 2, in work\n'
        "    return 1 / 0\n"
        "ZeroDivisionError: division by zero\n"
    ).replace("line 11", f"line {line_of(room, 'mysite/urls.py', 'from blog')}")
    assert (error.file, error.line) == (str(room.folder / "blog/views.py"), 2)


def line_of(room, path, words):
    lines = (room.folder / path).read_text().splitlines()
    return next(n for n, line in enumerate(lines, 1) if words in line)


@apart
def test_a_chain_of_exceptions_holds_the_learners_frames_only(tmp_path):
    room = Newsroom(tmp_path)
    room.write(
        "blog/views.py",
        "import json\ntry:\n    json.loads('{')\nexcept ValueError as error:\n"
        "    raise RuntimeError('no menu') from error\n",
    )
    error = refused(room)
    assert "The above exception was the direct cause" in error.text
    assert "json/decoder.py" not in error.text
    assert "importlib" not in error.text
    assert error.text.count(str(room.folder / "blog/views.py")) == 2


@apart
def test_a_syntax_error_says_its_file_and_line(tmp_path):
    room = Newsroom(tmp_path)
    room.write("blog/views.py", "x = 1\nasync def hello(request)\n")
    error = refused(room)
    assert (error.file, error.line) == (str(room.folder / "blog/views.py"), 2)
    assert isinstance(error.cause, SyntaxError)


@apart
def test_models_that_clash_are_found_by_djangos_checks(tmp_path):
    room = Newsroom(tmp_path)
    room.load()
    room.append(
        "blog/models.py", "    editor = models.ForeignKey(User, on_delete=models.CASCADE)\n"
    )
    error = refused(room)
    assert "fields.E304" in error.text
    assert "related_name" in error.text
    assert room.says() == {"hello": "first"}
    assert room.load(check=False)


@apart
def test_an_admin_that_names_no_field(tmp_path):
    room = Newsroom(tmp_path)
    room.write(
        "blog/admin.py",
        "from django.contrib import admin\nfrom blog.models import Post\n"
        "@admin.register(Post)\nclass Posts(admin.ModelAdmin):\n    list_display = ['nothing']\n",
    )
    assert "admin.E108" in refused(room).text
    room.replace("blog/admin.py", "'nothing'", "'title'")
    room.load()


@apart
def test_a_first_load_that_fails_leaves_room_for_the_next(tmp_path):
    from django.apps import apps
    from django.conf import settings

    from workbook_site.reload import loaded

    room = Newsroom(tmp_path)
    room.replace("blog/views.py", "async def", "asink def")
    refused(room)
    assert loaded() is None
    assert not settings.configured
    assert not apps.ready
    room.replace("blog/views.py", "asink def", "async def")
    room.load()
    assert room.says() == {"hello": "first"}


@apart
def test_a_module_that_nobody_imports_is_loaded_when_it_is_named(tmp_path):
    room = Newsroom(tmp_path)
    room.write("blog/tasks.py", "x = 1\n")
    room.load()
    assert "blog.tasks" not in sys.modules
    room.load(also=["blog.tasks"])
    assert sys.modules["blog.tasks"].x == 1
    room.write("blog/tasks.py", "x =\n")
    before = sys.modules["blog.tasks"]
    assert isinstance(refused(room, also=["blog.tasks"]).cause, SyntaxError)
    assert sys.modules["blog.tasks"] is before


@apart
def test_a_library_that_came_with_a_failed_load_still_works_later(tmp_path):
    """Its module stays imported, so its models must stay registered."""
    room = Newsroom(tmp_path)
    room.load()
    room.append("mysite/settings.py", 'INSTALLED_APPS += ["django.contrib.redirects", "none"]\n')
    refused(room)
    room.append("mysite/settings.py", 'INSTALLED_APPS += ["django.contrib.sites"]\n')
    room.replace("mysite/settings.py", ', "none"]', "]")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        room.load()
    from django.apps import apps

    assert apps.get_model("redirects.Redirect")
    assert apps.get_model("sites.Site")


@apart
def test_an_interrupt_goes_through_after_the_repair(tmp_path):
    room = Newsroom(tmp_path)
    room.load()
    before = picture()
    room.write("blog/views.py", "raise KeyboardInterrupt\n")
    try:
        room.load()
    except KeyboardInterrupt:
        assert picture() == before
        assert room.says() == {"hello": "first"}
    else:
        raise AssertionError("the interrupt was lost")


@apart
def test_an_asgi_module_without_an_application(tmp_path):
    room = Newsroom(tmp_path)
    room.write("mysite/asgi.py", "")
    error = refused(room)
    assert "mysite/asgi.py has no `application`" in str(error.cause)
