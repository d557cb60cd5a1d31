"""Files that can't be graded: each is told in a sentence of its own, and the others are not."""

import io
import json
import os
import stat
import zipfile

import pytest

from workbook_site.intake import Limits, Trouble, read
from workbook_site.project import find

NAME = "00_three_problems.ipynb"


def notebook(**changes):
    told = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    return json.dumps({**told, **changes}).encode()


BAD = {
    Trouble.EMPTY: b"",
    Trouble.NOT_UTF8: b'{"cells": ["\xff\xfe"]}',
    Trouble.NOT_JSON: b"# my homework",
    Trouble.NOT_A_NOTEBOOK: b"[1, 2]",
    Trouble.OTHER_FORMAT: notebook(nbformat=3),
    Trouble.OTHER_LANGUAGE: notebook(metadata={"language_info": {"name": "julia"}}),
    Trouble.TOO_MANY_CELLS: notebook(cells=[{"cell_type": "code", "source": ""}] * 10_000),
}


def opened(folder):
    handed = read([folder])
    return {each.student: each.open() for each in handed.submissions}, handed


def lay(folder, student, data):
    path = folder / student / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("trouble", BAD)
def test_a_bad_file_is_told_and_its_neighbour_is_not_touched(trouble, tmp_path):
    lay(tmp_path, "bad", BAD[trouble])
    lay(tmp_path, "good", notebook())
    found, _ = opened(tmp_path)
    assert found["bad"].trouble is trouble
    assert found["good"].trouble is None


def test_every_trouble_has_a_sentence_and_a_code_of_its_own(tmp_path):
    for number, (trouble, data) in enumerate(BAD.items()):
        lay(tmp_path, f"{number}-{trouble}", data)
    found, _ = opened(tmp_path)
    assert len({each.problem for each in found.values()}) == len(BAD)
    assert len({trouble.code for trouble in Trouble}) == len(Trouble)


@pytest.mark.parametrize(
    "data",
    [b"[" * 100_000, b"1" * 100_000, b"null", b'"text"', b"{}", b"\xef\xbb\xbf",
     notebook(cells={"a": 1}), notebook(cells=None), notebook(nbformat=True),
     notebook(nbformat=None), b"\x00" * 100],
)  # fmt: skip
def test_nothing_that_calls_itself_a_notebook_gets_past(data, tmp_path):
    lay(tmp_path, "odd", data)
    found, _ = opened(tmp_path)
    assert found["odd"].trouble


@pytest.mark.parametrize(
    "changes",
    [{"metadata": None}, {"metadata": {"kernelspec": {"name": "my-own", "language": "python"}}},
     {"cells": [None, 3, {"source": {"a": 1}}, {"cell_type": "code", "source": [1, "x"]}]},
     {"metadata": {"language_info": {"name": "ipython3"}}}],
)  # fmt: skip
def test_strange_but_harmless_is_taken(changes, tmp_path):
    lay(tmp_path, "odd", notebook(**changes))
    found, _ = opened(tmp_path)
    assert found["odd"].trouble is None


def test_200_mb_are_refused_unread(tmp_path):
    path = lay(tmp_path, "big", b"")
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    found, _ = opened(tmp_path)
    assert found["big"].trouble is Trouble.TOO_LARGE
    assert found["big"].data is None


def test_a_symbolic_link_is_never_followed(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(notebook())
    folder = tmp_path / "class"
    lay(folder, "good", notebook())
    (folder / "sly").mkdir()
    (folder / "sly" / NAME).symlink_to(secret)
    (folder / "outside").symlink_to(tmp_path, target_is_directory=True)
    found, handed = opened(folder)
    assert found["sly"].trouble is Trouble.SYMLINK
    assert found["sly"].data is None
    assert found["good"].trouble is None
    assert [each.trouble for each in handed.unplaced] == [Trouble.SYMLINK]
    assert set(found) == {"sly", "good"}


def test_a_link_on_the_command_line_is_not_followed_either(tmp_path):
    lay(tmp_path / "class", "good", notebook())
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "class", target_is_directory=True)
    handed = read([link])
    assert not handed.submissions
    assert handed.unplaced[0].trouble is Trouble.SYMLINK


def test_a_pipe_does_not_hold_up_the_class(tmp_path):
    (tmp_path / "sly").mkdir()
    os.mkfifo(tmp_path / "sly" / NAME)
    found, _ = opened(tmp_path)
    assert found["sly"].trouble is Trouble.UNREADABLE


# --- Archives ---


def archive(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "name",
    ["../../evil/00_three_problems.ipynb", "/etc/00_three_problems.ipynb",
     "a/../../b/00_three_problems.ipynb", "C:/a/00_three_problems.ipynb",
     "..\\..\\evil\\00_three_problems.ipynb"],
)  # fmt: skip
def test_a_name_that_leads_out_is_listed_and_not_read(name, tmp_path):
    path = archive(tmp_path / "class.zip", {f"good/{NAME}": notebook(), name: notebook()})
    found, handed = opened(path)
    assert set(found) == {"good"}
    assert [each.trouble for each in handed.unplaced] == [Trouble.ZIP_PATH]
    assert [each.name for each in tmp_path.iterdir()] == ["class.zip"]


def test_a_link_in_an_archive_is_no_file(tmp_path):
    path = tmp_path / "class.zip"
    info = zipfile.ZipInfo(f"sly/{NAME}")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(info, "/etc/passwd")
        file.writestr(f"good/{NAME}", notebook())
    found, _ = opened(path)
    assert found["sly"].trouble is Trouble.SYMLINK
    assert found["good"].trouble is None


def test_a_bomb_is_told_by_its_ratio(tmp_path):
    path = archive(
        tmp_path / "class.zip", {f"sly/{NAME}": b"\0" * 15_000_000, f"ok/{NAME}": notebook()}
    )
    found, _ = opened(path)
    assert found["sly"].trouble in (Trouble.ZIP_BOMB, Trouble.TOO_LARGE)
    assert found["ok"].trouble is None


def test_an_archive_that_lies_about_sizes_is_read_no_further_than_allowed(tmp_path):
    path = archive(tmp_path / "class.zip", {f"sly/{NAME}": os.urandom(1000) * 100})
    data = bytearray(path.read_bytes())
    for place in (data.find(b"PK\x03\x04") + 22, data.find(b"PK\x01\x02") + 24):
        data[place : place + 4] = (10).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    found = read([path], limits=Limits(notebook=50_000)).submissions[0].open()
    assert found.trouble


def test_an_archive_with_too_much_is_refused_as_a_whole(tmp_path):
    path = archive(tmp_path / "class.zip", {f"{number}/{NAME}": b"x" for number in range(30)})
    handed = read([path], limits=Limits(files=20))
    assert handed.unplaced[0].trouble is Trouble.ZIP_BOMB
    assert not handed.submissions


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 and no more", b"not a zip"])
def test_a_broken_archive_is_told(data, tmp_path):
    path = tmp_path / "class.zip"
    path.write_bytes(data)
    assert read([path]).unplaced[0].trouble is Trouble.ZIP_BROKEN


def test_a_broken_member_spoils_no_other(tmp_path):
    path = archive(tmp_path / "class.zip", {f"a/{NAME}": os.urandom(5000), f"b/{NAME}": notebook()})
    data = bytearray(path.read_bytes())
    data[200:220] = bytes(20)
    path.write_bytes(bytes(data))
    found, _ = opened(path)
    assert found["a"].trouble is Trouble.ZIP_BROKEN
    assert found["b"].trouble is None


def test_an_archive_in_an_archive_is_on_the_list(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr(NAME, notebook())
    path = archive(tmp_path / "class.zip", {"a/more.zip": inner.getvalue()})
    assert "archive inside" in read([path]).unplaced[0].why


def test_the_chapter_is_real():
    assert find(NAME.removesuffix(".ipynb")).name == "three_problems"
