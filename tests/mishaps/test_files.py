"""Mishaps with the files of the project: edited, broken, deleted, and the database."""

import os
import shutil
import sqlite3

import pytest

from tests.live.conftest import PAGES, ROUTES
from tests.live.kernels import BOOT
from tests.live.test_live_exercise import RIGHT, report

SHOP = """\
%%site shop/models.py
from django.db import models

class Item(models.Model):
    name = models.CharField(max_length=20)
"""
SETTINGS = """\
%%site mysite/settings.py --append shop
INSTALLED_APPS += ["shop"]
DATABASES["default"]["OPTIONS"]["timeout"] = 0.1
"""
PRICED = f"{SHOP}    price = models.IntegerField(default=0)\n"
COUNT = "await Item.objects.acount()"
ADD = "await Item.objects.acreate(name='lamp')"


@pytest.fixture(scope="module")
def shared(shared):
    """With a database in which there is something to lose."""
    for cell in ("%%site shop/__init__.py", SHOP, SETTINGS, "await site.migrate()", ADD):
        assert not shared.runs(cell).ename
    return shared


# What is done to a file by hand, and what the next cell says of it.
EDITED = {
    "settings with a misspelt app": (
        "mysite/settings.py",
        lambda old: old + b"\nINSTALLED_APPS += ['blogg']\n",
        "No module named 'blogg'",
    ),
    "settings that are empty": ("mysite/settings.py", lambda old: b"", "SECRET_KEY"),
    "a view with half a line": ("pages/views.py", lambda old: old + b"def more(\n", "SyntaxError"),
    "a view with tabs": ("pages/views.py", lambda old: old + b"\n\tx = 1\n", "TabError"),
    "a file of zeros, after the power went": (
        "pages/views.py",
        lambda old: bytes(len(old)),
        "null bytes",
    ),
    "saved as UTF-16": (
        "mysite/urls.py",
        lambda old: old.decode().encode("utf-16"),
        "null bytes",
    ),
}


@pytest.mark.parametrize(("path", "edit", "words"), EDITED.values(), ids=EDITED)
def test_a_file_broken_by_hand_then_mended(learner, path, edit, words):
    good = (learner.newsroom / path).read_bytes()
    learner.put(path, edit(good))
    learner.is_told("1", f"Changed on disk, and can't be loaded: {path}", words)
    assert learner.runs("1").printed == ""
    assert learner.value('(await site.get("/hello/")).json()') == {"hello": "first"}
    shown = learner.runs(RIGHT)  # judged all the same, in a project in which all else is right
    assert report(shown)["outcome"] == "passed"
    assert "The site itself can't be loaded" in shown.printed
    assert not learner.runs(BOOT).ename
    learner.put(path, good)


@pytest.mark.parametrize("path", ["mysite/settings.py", "mysite/urls.py", "mysite", "manage.py"])
def test_a_deleted_file_comes_back_with_boot(learner, path):
    put_back = learner.loses(path)
    shown = learner.runs("1")
    if path != "manage.py":  # which the site can do without
        assert f"Deleted, and the project can't be loaded without: {path}" in shown.printed
        assert "Run the cell with `boot(...)` again" in shown.printed
    learner.is_told(BOOT, "Put in place in", path)
    put_back()


def test_the_whole_project_is_deleted_and_the_learner_goes_on_at_once(learner):
    put_back = learner.loses("")
    learner.runs(ROUTES)  # makes a file of nothing but this block
    learner.runs(PAGES)
    learner.is_told(BOOT, "Put in place in", "Brought up to date", "mysite/urls.py")
    assert learner.value('(await site.get("/hello/")).json()') == {"hello": "first"}
    put_back()


@pytest.mark.parametrize("code", [ROUTES, BOOT])
def test_a_file_in_another_encoding(learner, code):
    good = (learner.newsroom / "mysite/urls.py").read_bytes()
    learner.put("mysite/urls.py", good + "# Größe\n".encode("latin-1"))
    if code is ROUTES:
        learner.is_told_only(code, "can't be read as UTF-8 text (byte 0xf6 in line", "Save it as")
    else:
        assert not learner.runs(code).ename
    assert (
        (learner.newsroom / "mysite/urls.py").read_bytes().endswith("# Größe\n".encode("latin-1"))
    )
    learner.put("mysite/urls.py", good)


def test_windows_line_ends_and_a_mark_of_byte_order(learner):
    good = (learner.newsroom / "mysite/urls.py").read_bytes()
    learner.put("mysite/urls.py", b"\xef\xbb\xbf" + good.replace(b"\n", b"\r\n"))
    for cell in ("1", ROUTES, BOOT):
        assert not learner.runs(cell).ename
    learner.put("mysite/urls.py", good)


def test_a_folder_in_the_place_of_a_file(learner):
    put_back = learner.loses("pages/views.py")
    (learner.newsroom / "pages/views.py").mkdir()
    learner.is_told_only(PAGES, "is in the way", "needs a file of this name", "then run the cell")
    put_back()


def test_a_file_in_the_place_of_a_folder(learner):
    put_back = learner.loses("pages")
    learner.put("pages", "not a package")
    for cell in (PAGES, RIGHT):
        learner.is_told_only(cell, "is in the way", "needs a folder of this name")
    put_back()


@pytest.mark.parametrize("moment", [0, 4_000_000_000])
def test_the_clock_is_changed(learner, moment):
    """Saved files bear times of long ago, or of years to come; and the kernel sees that clock."""
    for path in learner.newsroom.rglob("*.py"):
        os.utime(path, (moment, moment))
    learner.runs(f"import time\nreal = time.time\ntime.time = lambda: float({moment})")
    learner.goes_on()
    ask = '(await site.get("/admin/", user="ada")).status_code'
    there = learner.value(ask)
    learner.runs("time.time = real")
    assert learner.value(ask) == there  # whoever was logged in is so still, or again
    views = learner.newsroom / "pages/views.py"
    same = views.stat()
    views.write_text(views.read_text().replace("first", "2nd!!"))
    os.utime(views, ns=(same.st_atime_ns, same.st_mtime_ns + 1))
    assert learner.value('(await site.get("/hello/")).json()') == {"hello": "2nd!!"}


# --- The database ---


def test_the_database_is_deleted_while_the_site_runs(learner):
    put_back = learner.loses("db.sqlite3")
    learner.is_told("1", "The database db.sqlite3 was deleted", "await site.migrate()")
    assert "no such table" in learner.runs(COUNT).traceback
    learner.is_told("await site.migrate()", "applied  shop.0001_initial")
    assert learner.value(COUNT) == 0
    assert not learner.runs(ADD).ename
    put_back()
    learner.is_told("1", "Another file was put in the place of the database db.sqlite3")
    assert learner.value(COUNT) == 1


def test_boot_makes_a_deleted_database_anew(learner):
    put_back = learner.loses("db.sqlite3")
    assert not learner.runs(BOOT).ename
    assert learner.value(COUNT) == 0
    put_back()


def test_the_database_is_no_database(learner):
    put_back = learner.loses("db.sqlite3")
    learner.put("db.sqlite3", b"nonsense" * 1000)
    learner.is_told(BOOT, "file is not a database", "Rename db.sqlite3", "run this cell again")
    assert learner.value('(await site.get("/hello/")).json()') == {"hello": "first"}
    (learner.newsroom / "db.sqlite3").rename(learner.newsroom / "db.broken")
    assert not learner.runs(BOOT).ename
    assert learner.value(COUNT) == 0
    (learner.newsroom / "db.broken").unlink()
    put_back()
    learner.runs("1")
    assert learner.value(COUNT) == 1


def test_another_program_holds_the_database(learner):
    other = sqlite3.connect(learner.newsroom / "db.sqlite3")
    other.execute("BEGIN EXCLUSIVE")
    learner.is_told(BOOT, "database is locked", "Another program holds it. Close that one")
    assert "database is locked" in learner.runs("await site.migrate()").traceback
    other.rollback()
    other.close()
    assert learner.runs(BOOT).printed == ""
    assert learner.value(COUNT) == 1


def test_the_migrations_are_deleted(learner):
    shutil.rmtree(learner.newsroom / "shop/migrations")
    learner.is_told("await site.migrate()", "made     shop/migrations/0001_initial.py")
    assert learner.value(COUNT) == 1


def test_the_migrations_are_deleted_and_the_model_has_changed(learner):
    put_back = learner.loses("shop/migrations")
    learner.runs(PRICED)
    told = "The migrations of shop are gone", "delete db.sqlite3", "await site.migrate()"
    learner.is_told_only("await site.migrate()", *told)
    learner.is_told(BOOT, *told)
    assert not (learner.newsroom / "shop/migrations/0001_initial.py").exists()
    aside = learner.loses("db.sqlite3")
    learner.is_told("await site.migrate()", "made     shop/migrations/0001_initial.py")
    assert not learner.runs("await Item.objects.acreate(name='lamp', price=3)").ename
    aside()
    put_back()
    learner.is_told("await site.migrate()", "Add field price")
    assert learner.value("(await Item.objects.afirst()).price") == 0


def test_one_migration_in_the_middle_is_deleted(learner):
    learner.runs(PRICED)
    learner.runs("await site.migrate()")
    put_back = learner.loses("shop/migrations/0001_initial.py")
    told = "The migration shop/migrations/0001_initial.py is gone", "Put it back"
    learner.is_told_only("await site.migrate()", *told)
    assert not learner.runs(BOOT).ename
    put_back()
    assert not learner.runs(BOOT).ename
    assert learner.value(COUNT) == 1


ASKED_MEANWHILE = """\
import httpx
from workbook_site.live import migrations

loads, seen, apply = [], [], migrations._apply
site.running.after_load.append(lambda: loads.append(1))

def asked(label):
    (site.running.folder / "later.py").write_text("")
    seen.append((httpx.get(site.url + "/hello/").json(), len(loads)))
    return apply(label)

migrations._apply = asked
try:
    await site.migrate()
finally:
    migrations._apply = apply
    (site.running.folder / "later.py").unlink()
"""


def test_a_pane_asks_for_a_page_while_the_database_is_brought_up(learner):
    """To load new code in the middle would take the models away from whoever migrates."""
    assert not learner.runs(ASKED_MEANWHILE).ename
    assert learner.value("seen") == [[{"hello": "first"}, 0]]
