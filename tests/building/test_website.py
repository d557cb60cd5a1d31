"""The site to read: what its pages show and keep back, its links, its index, and its command."""

import html
import json
import re

import pytest

from tests.building import executed
from tests.building.asked import called, fetched
from workbook_site import exits
from workbook_site.building import website
from workbook_site.management.commands import build


@pytest.fixture
def runs(book):
    return executed.executed(book)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the site."""
    return executed.site(tmp_path_factory.mktemp("book"))


def read(site, name="01_shown.html"):
    return (site / name).read_text(encoding="utf-8")


def text(page):
    """What a reader sees of a page."""
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def test_an_exercise_shows_its_starter_and_its_verdict_and_nowhere_its_solution(site):
    page = text(read(site, "00_sums.html"))
    assert "%%exercise double\ndef double(number):\n    # Your code here" in page
    assert "The verdict on the reference answer, which is not shown here:✓ Passed" in page
    for file in site.iterdir():
        assert "nobody may read" not in file.read_text(encoding="utf-8"), file.name


def test_nothing_runs_and_nothing_leads_to_a_server_that_is_gone(site):
    """Of a live page there is its picture, in which nothing runs either."""
    page = read(site)
    assert re.findall(r"<script[^>]*>", page) == ['<script src="site.js">']
    assert "<iframe" in page
    frames = re.findall(r"<iframe\b[^>]*>", page)
    assert [frame for frame in frames if " sandbox" not in frame] == []
    assert not re.search(r'(?:href|src)="https?://(?:127|localhost)', page)
    assert re.search(r"One\s+/chat/\s+Below is the page as it was", text(page))


def test_a_page_asks_no_other_address_for_anything(site):
    for name in ("index.html", "00_sums.html", "01_shown.html", "site.css", "site.js"):
        assert fetched(read(site, name)) == [], name


def test_paths_of_the_machine_are_cut_short(site):
    page = text(read(site))
    assert "in my_workbook/newsroom\nand more" in page
    assert 'File ".../site-packages/django/db.py"' in page


def test_headings_have_names_of_their_own_and_the_contents_list_them(site):
    page = read(site)
    assert '<h1 id="all-that-can-be-shown">All that can be <em>shown</em></h1>' in page
    assert '<h2 id="plots">' in page
    assert '<h3 id="plots-2">' in page
    topics = re.search(r'<ol class="topics".*?</ol>', page, re.DOTALL)[0]
    assert re.findall(r'href="(#[^"]+)"', topics) == ["#plots", "#pages", "#trouble"]
    assert "<title>All that can be shown · Async Django Workbook</title>" in page


def test_pages_know_their_neighbours_and_the_first_page_all_of_them(site):
    assert 'rel="next" href="01_shown.html"' in read(site, "00_sums.html")
    assert 'rel="prev" href="00_sums.html"' in read(site)
    first = read(site, "index.html")
    assert re.search(r'href="00_sums.html">.*?5 minutes · 3 exercises', first, re.DOTALL)
    assert "Does <code>everything</code> show?" in first
    assert "python3 -m workbook_site lab" in first


def test_a_cell_of_a_template_is_coloured_as_one_and_means_what_it_says(site):
    page = read(site)
    assert '<span class="magic">%%site blog/templates/page.html</span>' in page
    assert '<span class="nt">p</span>' in page
    assert '{% if one < two %}<p class="very">{{ post.title }}</p>{% endif %}' in text(page)


def test_plots_stand_in_the_page_with_words_for_who_can_not_see_them(site):
    page = read(site)
    for plot in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        assert 'role="img"' in plot
        for named in re.search(r'aria-labelledby="([^"]+)"', plot)[1].split():
            assert re.search(rf'id="{named}">[^<]+<', plot)
    assert page.count("<svg") == 3
    assert "The data of this plot" in page


def test_links_between_chapters_lead_to_pages_and_all_links_lead_somewhere(site):
    assert '<a href="00_sums.html#adding">the sums</a>' in read(site)
    assert website.broken(site.iterdir()) == []


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("05_gone.html", "there is no 05_gone.html"),
        ("00_sums.ipynb#nowhere", "there is no 'nowhere' in 00_sums.html"),
        ("#nowhere", "there is no 'nowhere' in 01_shown.html"),
        ("picture.png", "there is no picture.png"),
        ("https://nowhere", "is no address"),
        ("https:///path", "is no address"),
        ("http://[::1", "is no address"),
    ],
)
def test_a_link_that_leads_nowhere_is_told(book, tmp_path, link, told):
    runs = executed.executed(book)
    cell = next(c for c in runs[1].notebook.cells if c.cell_type == "markdown")
    cell.source += f"\n\n[a link](<{link}>)"
    website.write(runs, tmp_path / "site")
    (finding,) = website.broken((tmp_path / "site").iterdir())
    assert finding.startswith("01_shown.html: ")
    assert told in finding


def test_a_picture_comes_along_in_its_page(book, tmp_path):
    book.write("notebooks/source/dot.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    runs = executed.executed(book)
    cell = next(c for c in runs[1].notebook.cells if c.cell_type == "markdown")
    cell.source += "\n\n![A dot](dot.svg)"
    website.write(runs, tmp_path / "site")
    assert '<img alt="A dot" src="data:image/svg+xml;base64,' in read(tmp_path / "site")
    assert website.broken((tmp_path / "site").iterdir()) == []


def test_the_index_has_each_section_with_its_prose_and_the_names_in_its_code(site):
    script = read(site, "search-index.js")
    entries = json.loads(script.removeprefix("window.workbookIndex = ").removesuffix(";\n"))
    (trouble,) = (entry for entry in entries if entry[3] == "Trouble")
    page, anchor, title, _, prose, code = trouble
    assert (page, anchor, title) == ("01_shown.html", "trouble", "All that can be shown")
    assert prose == ""
    assert "blog/templates" not in prose
    assert "templates" in code
    assert "Back to the sums, or to another place." in entries[-5][4] + entries[-4][4]


# --- The command ---


def test_a_site_of_what_was_executed_before_executes_nothing(book, runs, tmp_path):
    done = executed.saved(runs, tmp_path / "done")
    out, stop = called(build, "--html", str(tmp_path / "site"), "--from", str(done))
    assert stop is None
    assert "A site of 3 pages" in out
    assert "cell" not in out
    assert (tmp_path / "site" / "index.html").is_file()


def test_a_chapter_that_was_changed_since_has_to_be_executed_again(book, runs, tmp_path):
    done = executed.saved(runs, tmp_path / "done")
    book.change("notebooks/source/01_shown.md", "## Pages", "## Other pages")
    _, stop = called(build, "--html", str(tmp_path / "site"), "--from", str(done))
    assert stop.code == exits.WRONG
    assert "01_shown.ipynb" in str(stop)
    assert f"run shown --html {done}" in str(stop)
    assert not (tmp_path / "site" / "index.html").exists()


@pytest.mark.parametrize("spoil", ["gone", "broken", "half"])
def test_a_notebook_that_was_not_executed_is_told(book, runs, tmp_path, spoil):
    if spoil == "half":
        runs[0].notebook.cells[-1].execution_count = None
        code = [cell for cell in runs[0].notebook.cells if cell.cell_type == "code"]
        code[-1].execution_count = None
    done = executed.saved(runs, tmp_path / "done")
    file = done / "00_sums.ipynb"
    if spoil == "gone":
        file.unlink()
    elif spoil == "broken":
        file.write_text("{")
    _, stop = called(build, "--html", str(tmp_path / "site"), "--from", str(done))
    assert "00_sums.ipynb" in str(stop)
    assert "run sums --html" in str(stop)


def test_no_site_is_written_of_a_chapter_that_failed(book, runs, tmp_path):
    code = next(cell for cell in runs[0].notebook.cells if cell.cell_type == "code")
    code.outputs = [executed.new_output("error", ename="E", evalue="broke", traceback=["broke"])]
    done = executed.saved(runs, tmp_path / "done")
    out, stop = called(build, "--html", str(tmp_path / "site"), "--from", str(done))
    assert stop.code == exits.WRONG
    assert "1 of 2 chapters failed" in str(stop)
    assert "E: broke" in out
    assert list((tmp_path / "site").iterdir()) == []


def test_build_html_prints_executes_and_writes(empty, tmp_path):
    empty.write("notebooks/source/00_sums.md", "# Sums\n\n```python\nprint(6 * 7)\n```\n")
    out, stop = called(build, "--html", str(tmp_path / "site"), "--jobs", "1")
    assert stop is None
    assert "printed 00_sums.ipynb" in out
    assert "00_sums  passed" in out
    assert "<pre>42</pre>" in read(tmp_path / "site", "00_sums.html")


def test_a_folder_that_can_not_be_written_is_told_before_the_work(book, tmp_path):
    file = book.write("site", "a file, no folder")
    out, stop = called(build, "--html", str(file))
    assert stop.code == exits.FOLDER
    assert out == ""


def test_from_belongs_to_html(book):
    _, stop = called(build, "--from", "anywhere")
    assert stop.code == exits.USAGE
