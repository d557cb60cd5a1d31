"""What CI needs of `run`: which chapters changed, a JUnit report, and annotations on GitHub."""

import re
import subprocess

import junitparser
import pytest

from tests.building.asked import called
from workbook_site import exits
from workbook_site.building import changed, where
from workbook_site.building.changed import ChangedError
from workbook_site.building.printing import Printed, build, written
from workbook_site.management.commands import run
from workbook_site.project import chapters, find

SUMS = """\
# Sums

Some prose, some more.

```python
one = 1
```

```python id="broken"
def halve(number):
    return number / 0

halve(one)
```

```python id="after"
print("never reached")
```
"""


def test_a_failing_cell_is_told_to_github_and_in_a_report_that_readers_take(
    empty, tmp_path, monkeypatch
):
    empty.write("notebooks/source/00_sums.md", SUMS)
    empty.write("notebooks/source/01_more.md", "# More\n\n```python id='fine'\n1 + 1\n```\n")
    build()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    report = tmp_path / "reports" / "junit.xml"
    out, stop = called(run, "--junit", str(report))
    assert stop.code == exits.WRONG

    # The line that raised, in the file that an author edits, is line 11.
    (line,) = [line for line in out.splitlines() if line.startswith("::")]
    assert SUMS.splitlines()[10] == "    return number / 0"
    place = "file=notebooks/source/00_sums.md,line=11,title=00_sums%2C cell broken"
    assert line.startswith(f"::error {place}::ZeroDivisionError: division by zero%0A%0A")

    suites = {suite.name: suite for suite in junitparser.JUnitXml.fromfile(str(report))}
    assert list(suites) == ["00_sums", "01_more"]
    sums = suites["00_sums"]
    assert (sums.tests, sums.failures, sums.errors, sums.skipped) == (3, 1, 0, 1)
    assert (suites["01_more"].tests, suites["01_more"].failures) == (1, 0)
    passed, failed, skipped = sums
    assert passed.is_passed
    assert (failed.classname, failed.name) == ("00_sums", "broken")
    (result,) = failed.result
    assert result.message == "ZeroDivisionError: division by zero"
    assert result.type == "ZeroDivisionError"
    assert "notebooks/source/00_sums.md:11" in result.text
    assert ">   2      return number / 0" in result.text
    assert skipped.is_skipped


def test_a_report_holds_no_character_that_xml_has_no_room_for(empty, tmp_path):
    ends = r"raise ValueError('\x00 <&> ]]> \x1b[1m \x07 \ufffe')"
    cells = [Printed("odd", "code", ends)]
    empty.write("notebooks/00_sums.ipynb", written(cells, title="Sums"))
    report = tmp_path / "junit.xml"
    called(run, "--junit", str(report))
    (suite,) = junitparser.JUnitXml.fromfile(str(report))
    (case,) = suite
    assert "<&>" in case.result[0].message


def test_a_report_that_can_not_be_written_is_told_before_the_work(empty, tmp_path):
    empty.write("notebooks/00_sums.ipynb", written([Printed("a", "code", "1")], title="Sums"))
    out, stop = called(run, "--junit", str(tmp_path))
    assert stop.code == exits.FOLDER
    assert str(tmp_path) in str(stop)
    assert "1/1" not in out


def test_the_real_chapters_cells_are_found_in_their_sources():
    for chapter in chapters():
        found = where.of(chapter)
        lines = found.path.read_text(encoding="utf-8").splitlines()
        for cell in run_cells(chapter):
            first = f"%%exercise {cell.metadata['workbook']['exercise']}" if (
                "workbook" in cell.metadata
            ) else cell.source.splitlines()[0]  # fmt: skip
            assert lines[found.line(cell.id) - 1] == first, cell.id


def run_cells(chapter):
    from workbook_site.project import cells

    return [cell for cell in cells(chapter) if cell.kind == "code"]


# --- What changed ---


def git(folder, *words):
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    line = ["git", "-C", str(folder), *identity, *words]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()


def a_chapter(book, stem, site="ONE = 1", plain="1 + 1"):
    name = stem.partition("_")[2]
    cells = [
        Printed("site", "code", f"%%site mysite/{name}.py\n{site}"),
        Printed("plain", "code", plain),
    ]
    book.write(f"notebooks/{stem}.ipynb", written(cells, title=name))


@pytest.fixture
def repository(empty):
    """Three chapters on the branch `main`; we stand on a branch of our own."""
    for stem in ("00_sums", "01_more", "02_most"):
        a_chapter(empty, stem)
        empty.write(f"solutions/{stem.partition('_')[2]}/add.py", "ONE = 1\n")
    git(empty.root, "init", "--quiet", "--initial-branch=main")
    git(empty.root, "add", "--all")
    git(empty.root, "commit", "--quiet", "--message=first")
    git(empty.root, "switch", "--quiet", "--create", "mine")
    return empty


def chosen(ref=""):
    why = changed.choose(chapters(), ref).why
    return {chapter.name: reason for chapter, reason in why.items()}


def test_prose_and_plain_cells_concern_their_own_chapter_only(repository):
    a_chapter(repository, "01_more", plain="2 + 2")
    assert chosen() == {"more": "changed: notebooks/01_more.ipynb"}
    git(repository.root, "commit", "--quiet", "--all", "--message=second")
    assert set(chosen()) == {"more"}, "committed or not"


def test_a_file_of_the_project_concerns_the_later_chapters_too(repository):
    a_chapter(repository, "01_more", site="ONE = 2")
    based = "starts from the project that 01_more changed"
    assert chosen() == {"more": "changed: notebooks/01_more.ipynb", "most": based}


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("exercises/most/add.py", {"most"}),  # not committed, not even added
        ("solutions/sums/add.py", {"sums", "more", "most"}),
        ("workbook_site/live/site.py", {"sums", "more", "most"}),
        ("requirements/requirements.in", {"sums", "more", "most"}),
        ("tests/answers/sums/add/right_a.py", set()),
        ("README.md", set()),
        ("notebooks/Übersicht and more.md", set()),
    ],
)
def test_a_path_concerns_the_chapters_that_need_it(repository, path, names):
    repository.write(path, "# new\n")
    assert set(chosen()) == names


def test_what_others_changed_on_the_main_branch_meanwhile_is_not_ours(repository):
    git(repository.root, "switch", "--quiet", "main")
    a_chapter(repository, "00_sums", site="ONE = 3")
    git(repository.root, "commit", "--quiet", "--all", "--message=theirs")
    git(repository.root, "switch", "--quiet", "mine")
    a_chapter(repository, "02_most", plain="3")
    assert set(chosen()) == set(chosen("main")) == {"most"}


def test_a_chapter_that_is_gone_changes_those_that_came_after_it(repository):
    (repository.root / "solutions/sums/add.py").unlink()
    assert set(chosen()) == {"sums", "more", "most"}
    assert chosen()["sums"] == "changed: solutions/sums/add.py"


def test_run_says_what_it_chose_and_why_and_ends_well_when_there_is_nothing(repository, tmp_path):
    report = tmp_path / "out" / "junit.xml"
    out, stop = called(run, "--changed", "--junit", str(report))
    assert stop is None
    assert re.match(r"Compared with main \(\w{9}\), and with what is not committed yet.\n", out)
    assert "nothing to execute" in out
    assert list(junitparser.JUnitXml.fromfile(str(report))) == []

    a_chapter(repository, "01_more", plain="2 + 2")
    plainly = written([Printed("sum", "code", "2 + 2")], title="most")
    repository.write("notebooks/02_most.ipynb", plainly)
    out, stop = called(run, "most", "--changed", "main")
    assert stop is None
    assert "02_most              changed: notebooks/02_most.ipynb\n1 of 1 chapters" in out
    assert "02_most  passed" in out
    assert "01_more" not in out


@pytest.mark.parametrize(("ref", "told"), [("nowhere", "'nowhere'"), ("--help", "fetch-depth: 0")])
def test_a_ref_that_is_none_is_told(repository, ref, told):
    out, stop = called(run, f"--changed={ref}")
    assert stop.code == exits.USAGE
    assert told in str(stop)
    assert out == ""


def test_a_source_without_its_print_is_not_passed_over(repository):
    repository.write("notebooks/source/03_last.md", "# Last\n")
    with pytest.raises(ChangedError, match=r"03_last\.md has no notebook yet"):
        chosen()


def test_without_a_repository_the_chapters_have_to_be_named(empty, monkeypatch):
    a_chapter(empty, "00_sums")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(empty.root.parent))
    _, stop = called(run, "--changed")
    assert stop.code == exits.USAGE
    assert "no git repository" in str(stop)
    assert find("sums")
