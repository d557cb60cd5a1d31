"""Databases: migrated once for each shape of project, never shared with an answer's own changes."""

import asyncio
import sqlite3

from tests.conftest import over_the_starter
from tests.judge.conftest import exercise
from workbook_site.checking import Outcome
from workbook_site.judge import Judge
from workbook_site.judge.template import shape, shapes

SETTINGS = "\nINSTALLED_APPS += ['blog']\n"
MODELS = """
from django.db import models

class Post(models.Model):
    title = models.CharField(max_length=50)
"""
MORE = MODELS + "    words = models.IntegerField()\n\nclass Tag(models.Model):\n    pass\n"
INITIAL = """
from django.db import migrations, models

def first(apps, editor):
    apps.get_model("blog", "Post").objects.create(title="from a migration")

class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel("Post", [
            ("id", models.BigAutoField(primary_key=True)),
            ("title", models.CharField(max_length=50)),
        ]),
        migrations.RunPython(first),
    ]
"""


def blog(**files):
    """A project with an app `blog`."""
    project = over_the_starter({"blog/__init__.py": "", "blog/models.py": MODELS})
    project.files["mysite/settings.py"] += SETTINGS
    project.files.update({f"blog/{name}": text for name, text in files.items()})
    return project


async def saves(site):
    pk = await site.add(
        "blog.Post",
        title="one",
    )
    assert (await site.rows("blog.Post", id=pk))[0]["title"] == "one"


def test_models_without_migrations_have_tables(court):
    judge, run = court
    report = run(judge.judge(exercise(saves), blog(), blog()))
    assert report.outcome is Outcome.PASSED, report


def test_an_answer_that_changes_models_gets_its_own_tables(court):
    judge, run = court

    async def words(site):
        pk = await site.add("blog.Post", title="one", words=3)
        await site.add("blog.Tag")
        assert (await site.rows("blog.Post", id=pk))[0]["words"] == 3

    async def no_words(site):
        await site.add("blog.Post", title="x")
        assert set((await site.rows("blog.Post"))[0]) == {"id", "title"}

    answer = blog(**{"models.py": MORE})
    assert run(judge.judge(exercise(words, words), answer, blog())).outcome is Outcome.PASSED
    assert run(judge.judge(exercise(no_words), blog(), blog())).outcome is Outcome.PASSED


def test_written_migrations_are_run_with_their_data(court):
    judge, run = court

    async def first(site):
        assert [row["title"] for row in await site.rows("blog.Post")] == ["from a migration"]
        await site.add("blog.Post", title="gone again")

    project = blog(**{"migrations/__init__.py": "", "migrations/0001_initial.py": INITIAL})
    report = run(judge.judge(exercise(first, first), project, project))
    assert report.outcome is Outcome.PASSED, report


def test_a_model_that_is_wrong_is_the_learners(court):
    judge, run = court
    wrong = MODELS + '    author = models.ForeignKey("nobody.Nothing", models.CASCADE)\n'
    answer = blog(**{"models.py": wrong})
    failure = run(judge.judge(exercise(saves), answer, blog())).first_failure.failure
    assert "fields.E300" in failure.message


def test_a_migration_that_fails_is_the_learners(court):
    judge, run = court
    files = {
        "migrations/__init__.py": "",
        "migrations/0001_initial.py": INITIAL.replace('"blog", "Post"', '"x", "Post"'),
    }
    report = run(judge.judge(exercise(saves), blog(**files), blog()))
    assert report.outcome is Outcome.NOT_YET
    assert "LookupError" in report.first_failure.failure.message


def test_a_template_is_made_once_and_kept_for_the_next_judge(tmp_path):
    async def judged():
        async with Judge(cache=tmp_path) as judge:
            for _ in range(2):
                report = await judge.judge(exercise(saves), blog(), blog())
                assert report.outcome is Outcome.PASSED, report

    asyncio.run(judged())
    (made,) = tmp_path.iterdir()
    before = (made / "db.sqlite3").stat().st_mtime_ns
    asyncio.run(judged())
    assert [path for path in tmp_path.iterdir()] == [made]
    assert (made / "db.sqlite3").stat().st_mtime_ns == before
    with sqlite3.connect(made / "db.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM blog_post").fetchone() == (0,)
    database.close()


def test_the_shape_follows_what_tables_may_depend_on():
    same = blog(**{"views.py": "1", "templates/x.html": "x"})
    assert shape(blog()) == shape(same)
    assert shape(blog()) != shape(blog(**{"models.py": MORE}))
    assert shape(blog()) != shape(blog(**{"fields.py": "1"}))
    assert shapes("blog/models/post.py")
    assert shapes("mysite/settings.py")
    assert not shapes("blog/urls.py")
