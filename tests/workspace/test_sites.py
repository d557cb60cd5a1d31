"""Where the sites of a workspace answer: told, told anew, taken back."""

import os
import socket

import pytest

from workbook_site.workspace import sites
from workbook_site.workspace.sites import Announced


@pytest.fixture
def told(tmp_path):
    """Two sites, the second announced after the first."""
    both = [Announced(4001, "one", 0), Announced(4002, "two", 0)]
    for age, site in zip((20, 10), both, strict=True):
        sites.announce(tmp_path, site)
        path = tmp_path / f".workbook/sites/{site.port}.json"
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - age))
    return both


def test_the_one_announced_last_comes_first(tmp_path, told):
    assert sites.announced(tmp_path) == told[::-1]
    again = Announced(4001, "one", 1)
    sites.announce(tmp_path, again)
    assert sites.announced(tmp_path) == [again, told[1]]


def test_one_that_names_no_front_page_begins_at_the_root(tmp_path):
    (tmp_path / ".workbook/sites").mkdir(parents=True)
    (tmp_path / ".workbook/sites/9.json").write_text('{"port": 9, "token": "old", "loads": 2}')
    sites.announce(tmp_path, Announced(8, "new", 0, "/blog/"))
    assert {site.front for site in sites.announced(tmp_path)} == {"/", "/blog/"}


def test_what_is_taken_back_is_gone_and_may_be_so_twice(tmp_path, told):
    for _ in range(2):
        sites.withdraw(tmp_path, 4002)
    assert sites.announced(tmp_path) == told[:1]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"port": "x"}', '{"port": 1}'])
def test_a_file_that_is_no_announcement_is_passed_over(tmp_path, told, text):
    (tmp_path / ".workbook/sites/9.json").write_text(text)
    assert sites.announced(tmp_path) == told[::-1]


def test_what_a_killed_kernel_left_behind_is_taken_back(tmp_path, told):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        here = Announced(listening.getsockname()[1], "here", 0)
        sites.announce(tmp_path, here)
        sites.announce(tmp_path, Announced(1, "killed", 0))
        sites.prune(tmp_path)
        assert here in sites.announced(tmp_path)
    assert 1 not in [site.port for site in sites.announced(tmp_path)]


def test_before_the_first_there_is_none(tmp_path):
    assert sites.announced(tmp_path) == []
