"""What cells do to the project and to the running site, in a real kernel."""

import pytest

from tests.live.conftest import PAGES, ROUTES
from tests.live.kernels import BOOT

MODEL = """\
%%site shop/models.py
from django.db import models

class Item(models.Model):
    name = models.CharField(max_length=20)
"""


def hello(kernel):
    return kernel.value('(await site.get("/hello/")).json()["hello"]')


def answer(word):
    return PAGES.replace("first", word)


@pytest.fixture(autouse=True)
def pages_as_they_were(request):
    """Each test starts from the page that answers "first"."""
    if "booted" in request.fixturenames:
        request.getfixturevalue("booted").good(PAGES)


def test_before_boot_a_cell_says_what_to_run_first(kernel):
    shown = kernel.run(PAGES)
    assert shown.traceback.startswith("The site is not running in this notebook yet.")
    assert "site = await boot(" in shown.traceback
    assert kernel.run("%%exercise double\nx\n").traceback == shown.traceback


def test_boot_tells_what_it_put_in_place_and_shows_the_site(kernel):
    shown = kernel.good(BOOT + "\nsite")
    assert "manage.py" in shown.printed
    assert "mysite/settings.py" in shown.printed
    assert kernel.value("site.url") in shown.plain
    assert kernel.value("site.url") in shown.html
    assert "<script" not in shown.html
    assert kernel.value('(await site.get("/")).status_code') == 200


def test_boot_again_keeps_the_site_and_says_nothing_new(booted):
    before = booted.value("[id(site), site.url, site.upstream.url]")
    shown = booted.good(BOOT)
    assert shown.printed == ""
    assert booted.value("[id(site), site.url, site.upstream.url]") == before


def test_boot_of_a_later_chapter_brings_the_earlier_ones(kernel):
    kernel.good(BOOT.replace("first", "second"))
    assert (kernel.newsroom / "pages/views.py").is_file()
    assert kernel.value('(await site.get("/hello/")).json()') == {"hello": "first"}


def test_boot_names_the_near_chapters(booted):
    shown = booted.run('await boot("frist")')
    assert shown.traceback == "There is no chapter 'frist'. Did you mean first?"


def test_a_cell_is_a_file_and_answers_at_once(booted):
    assert hello(booted) == "first"
    booted.good(answer("second"))
    assert hello(booted) == "second"
    assert "second" in (booted.newsroom / "pages/views.py").read_text()


def test_running_a_cell_twice_changes_nothing(booted):
    before = (booted.newsroom / "mysite/urls.py").read_text()
    booted.good(ROUTES)
    assert (booted.newsroom / "mysite/urls.py").read_text() == before


def test_names_come_into_the_notebook_and_stay_fresh(booted):
    booted.good("%%site pages/helping.py\nA, (B, *C) = 1, (2, 3)\nclass Thing:\n    kind = 1\n")
    assert booted.value("[A, B, C, Thing.kind]") == [1, 2, [3], 1]
    booted.good("mine = Thing")
    booted.good("%%site pages/helping.py\nA = 5\nclass Thing:\n    kind = 2\n")
    assert booted.value("[A, Thing.kind, mine.kind]") == [5, 2, 2]


def test_an_empty_file_needs_no_body(booted):
    booted.good("%%site pages/empty.py")
    assert (booted.newsroom / "pages/empty.py").read_text() == ""


def test_other_files_than_python_are_written_too(booted):
    booted.good("%%site pages/templates/page.html\n<p>{{ word }}</p>\n")
    assert "{{ word }}" in (booted.newsroom / "pages/templates/page.html").read_text()


@pytest.mark.parametrize("path", ["../out.py", "/etc/passwd", "pages/../../out.py"])
def test_a_path_that_leads_out_is_refused(booted, path):
    shown = booted.run(f"%%site {path}\nx = 1\n")
    assert "writes inside your project only" in shown.traceback
    assert not (booted.workspace / "out.py").exists()


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        (answer("x").replace("request):", "request)"), "SyntaxError", "views.py"),
        (PAGES + "1 / 0\n", "ZeroDivisionError", "1 / 0"),
        (PAGES + "import nowhere_at_all\n", "ModuleNotFoundError", "nowhere_at_all"),
        (PAGES + "raise ExceptionGroup('two', [KeyError(1)])\n", "ExceptionGroup", "KeyError"),
        (PAGES + "raise SystemExit(3)\n", "SystemExit", "SystemExit"),
    ],
)
def test_code_that_does_not_load_shows_the_learners_traceback_only(booted, code, kind, said):
    shown = booted.run(code)
    assert shown.ename == kind
    assert said in shown.traceback
    for ours in ("workbook_site", "IPython", "site-packages", "importlib"):
        assert ours not in shown.traceback.replace("/site-packages/django/", "")
    assert hello(booted) == "first"


def test_models_may_be_written_before_their_app_is_installed(booted):
    shown = booted.good(MODEL)
    assert "It waits until 'shop' stands in INSTALLED_APPS" in shown.printed
    shown = booted.good('%%site mysite/settings.py --append shop\nINSTALLED_APPS += ["shop"]\n')
    assert "This needs a migration: await site.migrate()" in shown.printed
    assert "Create model Item" in shown.printed
    shown = booted.good("await site.migrate()")
    assert "shop/migrations/0001_initial.py" in shown.plain
    assert "shop.0001_initial" in shown.plain
    assert booted.value("await Item.objects.acount()") == 0
    assert "Nothing to migrate" in booted.good("await site.migrate()").plain

    shown = booted.good(MODEL + "    price = models.IntegerField()\n")
    assert "item.price is new and has no default" in shown.printed
    assert "item.price is new" in booted.run("await site.migrate()").traceback
    shown = booted.good(MODEL + "    price = models.IntegerField(default=0)\n")
    assert "Add field price to item" in shown.printed
    assert "Add field price to item" in booted.good("await site.migrate()").plain
    assert booted.good(answer("later")).printed.count("migration") == 0


def test_what_a_view_prints_comes_out_under_the_running_cell(booted):
    booted.good(PAGES.replace("    return", "    print('in the view')\n    return"))
    assert "in the view" in booted.good('_ = await site.get("/hello/")').printed


def test_files_edited_elsewhere_are_noticed_by_a_request(booted):
    path = booted.newsroom / "pages/views.py"
    booted.good(f"views = open({str(path)!r}).read()")
    code = (
        f"open({str(path)!r}, 'w').write(views.replace('first', 'edited'))\n"
        'print((await site.get("/hello/")).json()["hello"])'
    )
    assert "edited" in booted.good(code).printed


def test_files_edited_elsewhere_are_noticed_by_the_next_cell(booted):
    path = booted.newsroom / "pages/views.py"
    path.write_text(path.read_text() + "ANSWER = 42\n")
    assert booted.value("__import__('pages.views').views.ANSWER") == 42


def test_an_edit_that_does_not_load_is_told_once_and_changes_nothing(booted):
    path = booted.newsroom / "pages/views.py"
    good = path.read_text()
    path.write_text(good + "def broken(\n")
    shown = booted.good("1")
    assert "pages/views.py" in shown.printed
    assert "SyntaxError" in shown.printed
    assert booted.good("1").printed == ""
    assert hello(booted) == "first"
    path.write_text(good.replace("first", "mended"))
    assert hello(booted) == "mended"


def test_a_project_that_does_not_load_is_served_as_a_page_until_it_does(kernel):
    kernel.good(BOOT.replace("first", "second"))
    views = kernel.newsroom / "pages/views.py"
    views.write_text("1 / 0\n")
    kernel.manager.restart_kernel(now=True)
    kernel.client.wait_for_ready(timeout=60)
    shown = kernel.good(BOOT.replace("first", "second") + "\nsite")
    assert "ZeroDivisionError" in shown.printed
    assert "not loaded yet" in shown.plain
    assert kernel.value('(await site.get("/hello/")).status_code') == 503
    kernel.good(PAGES)
    assert hello(kernel) == "first"


def test_lifespan_of_the_projects_application(kernel):
    kernel.good(BOOT.replace("first", "second"))
    log = kernel.workspace / "lifespan.txt"
    asgi = (kernel.newsroom / "mysite/asgi.py").read_text()
    life = f"""
inner = application

async def application(scope, receive, send):
    if scope["type"] != "lifespan":
        scope["headers"].append((b"x-told", scope["state"]["word"].encode()))
        return await inner(scope, receive, send)
    while True:
        kind = (await receive())["type"]
        with open({str(log)!r}, "a") as log:
            log.write("WORD " + kind + "\\n")
        scope["state"]["word"] = "WORD"
        await send({{"type": kind + ".complete"}})
        if kind == "lifespan.shutdown":
            return
"""
    kernel.good("%%site mysite/asgi.py\n" + asgi + life.replace("WORD", "one"))
    kernel.good(PAGES.replace('"first"', 'request.headers["x-told"]'))
    assert hello(kernel) == "one"
    kernel.good("%%site mysite/asgi.py\n" + asgi + life.replace("WORD", "two"))
    assert hello(kernel) == "two"
    told = log.read_text().splitlines()
    assert told.count("two lifespan.startup") == 1
    assert told.count("one lifespan.startup") == told.count("one lifespan.shutdown")


@pytest.mark.parametrize(
    ("line", "done"), [("while True: pass", "broken off"), ("time.sleep(3600)", "restarted")]
)
def test_a_lifespan_that_blocks_the_site_is_named_at_once(kernel, line, done):
    kernel.good("import workbook_site.live.running as live\nlive.STARTUP = 0.1")
    kernel.good(BOOT.replace("first", "second"))
    asgi = (kernel.newsroom / "mysite/asgi.py").read_text()
    blocks = f"""
import time
inner = application

async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        {line}
    return await inner(scope, receive, send)
"""
    told = kernel.good("%%site mysite/asgi.py\n" + asgi + blocks).printed
    assert "The start of your ASGI application (its lifespan) blocked" in told
    assert done in told
    assert f"in application: {line}" in told
    assert hello(kernel) == "first"
    kernel.good("%%site mysite/asgi.py\n" + asgi)
    assert hello(kernel) == "first"


def test_a_value_that_cannot_be_shown_fails_its_own_cell_only(kernel):
    failed = kernel.run(
        "class Shy:\n    def __repr__(self):\n        raise ValueError('no')\nShy()"
    )
    assert (failed.ename, failed.status) == ("ValueError", "error")
    assert kernel.run("1 + 1").status == "ok"


FRONTS = """\
%%site mysite/urls.py --append front
from django.urls import include

urlpatterns += [
    path("any/<str:word>/", include([path("", views.hello)])),
    path("closed/", include([path("more/", views.hello)])),
    path("open/", include([path("", views.hello)])),
]
"""


def test_the_page_to_begin_with_is_the_root_or_the_first_front_page_of_an_app(booted):
    front = "__import__('workbook_site.live.overview').live.overview.front(site.running.folder)"
    assert booted.value(front) == "/"
    try:
        booted.good(FRONTS)
        assert booted.value(front) == "/open/"
        booted.good(FRONTS + 'urlpatterns += [path("", views.hello)]\n')
        assert booted.value(front) == "/"
    finally:
        booted.good("%%site mysite/urls.py --append front\n")
