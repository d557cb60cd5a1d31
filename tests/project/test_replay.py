"""The chapters' cells are the only source of the project."""

import pytest

from tests.project.conftest import code, prose
from workbook_site.project import (
    UnknownChapter,
    after,
    answered,
    at,
    chapters,
    find,
    history,
    lay,
    split,
)


def views(project):
    return split("blog/views.py", project.files["blog/views.py"])


def test_before_the_first_chapter_stands_the_starter(course):
    files = at(find("first")).files
    assert "manage.py" in files
    assert "mysite/settings.py" in files
    assert not any(path.startswith("blog/") for path in files)
    assert not any("workbook" in text for text in files.values())


def test_a_chapter_begins_where_the_earlier_ones_ended_with_the_solutions(course):
    assert views(at(find("second"))) == {
        "": "views = 1\n",
        "feed": "feed = 'solved'\n",
        "more": "more = 1\n",
    }


def test_after_a_chapter_its_own_cells_have_run(course):
    assert views(after(find("second")))["more"] == "more = 2\n"
    assert views(after(find("second")))["later"] == "later = 'solved'\n"


def test_up_to_an_exercise_or_a_cell(course):
    assert views(at(find("first"), "feed")) == {"": "views = 1\n"}
    assert views(at(find("first"), cell="more"))["feed"] == "feed = 'solved'\n"
    with pytest.raises(LookupError, match="no 'nowhere'"):
        at(find("first"), "nowhere")


def test_without_solutions_the_starters_count(course):
    (course.folder / "solutions" / "first" / "feed.py").unlink()
    assert views(at(find("second")))["feed"] == "feed = None\n"
    assert views(at(find("second"), solved=False))["feed"] == "feed = None\n"


def test_an_answer_stands_in_a_project_in_which_all_else_is_right(course):
    project = answered(find("first"), "feed", "feed = 'mine'\n")
    assert views(project) == {"": "views = 1\n", "feed": "feed = 'mine'\n"}
    assert "feed_route = 1" in project.files["blog/urls.py"]


def test_the_fingerprint_follows_the_text(course):
    one = answered(find("first"), "feed", "feed = 1\n")
    assert one.digest() == answered(find("first"), "feed", "feed = 1\n").digest()
    assert one.digest() != answered(find("first"), "feed", "feed = 2\n").digest()


def test_chapters_are_found_by_name_number_and_file(course):
    assert [chapter.name for chapter in chapters()] == ["first", "second"]
    assert {find(word).name for word in ("second", "5", "05", "05_second", "05_second.ipynb")} == {
        "second"
    }
    assert find("1").title == "The first"


def test_an_unknown_chapter_is_answered_with_the_near_ones(course):
    with pytest.raises(UnknownChapter, match="Did you mean second"):
        find("secnod")
    with pytest.raises(UnknownChapter, match="01_first, 05_second"):
        find("zzz")


def test_laying_adds_what_is_missing_and_keeps_what_the_learner_wrote(course, tmp_path):
    folder = tmp_path / "newsroom"
    told = history(find("second"))
    laid = lay(told, folder)
    assert "blog/views.py" in laid.new
    target = folder / "blog/views.py"
    mine = target.read_text().replace("feed = 'solved'", "feed = 'mine'")
    target.write_text(mine)
    assert lay(told, folder).kept == ["blog/views.py"]
    assert target.read_text() == mine


def test_laying_brings_untouched_blocks_up_to_date(course, tmp_path):
    folder = tmp_path / "newsroom"
    lay(history(find("first"), "feed"), folder)
    target = folder / "blog/views.py"
    target.write_text(
        target.read_text() + "\n\n# --- feed ---\nfeed = None\n"
    )  # the starter, untried
    laid = lay(history(find("second")), folder)
    assert "blog/views.py" in laid.upgraded
    assert split("", target.read_text()) == {
        "": "views = 1\n",
        "feed": "feed = 'solved'\n",
        "more": "more = 1\n",
    }


def test_laying_twice_changes_nothing(course, tmp_path):
    told = history(find("second"))
    lay(told, tmp_path / "newsroom")
    again = lay(told, tmp_path / "newsroom")
    assert not again
    assert not again.kept


def test_models_bring_a_package_for_their_migrations_along(course, tmp_path):
    course.chapter("07_third", code("%%site blog/models.py\nrows = 1\n", "models"))
    assert after(find("third")).files["blog/migrations/__init__.py"] == ""
    course.chapter("08_fourth", prose("# The fourth"))
    told = history(find("fourth"))
    folder = tmp_path / "newsroom"
    assert "blog/migrations/__init__.py" in lay(told, folder).new
    (folder / "blog/migrations/0001_initial.py").write_text("made = 'here'\n")
    assert not lay(told, folder)
