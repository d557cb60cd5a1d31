"""The requirement files, read without pip."""

import re

import pytest
from packaging.markers import Marker

from workbook_site import environment
from workbook_site.environment import found, pins
from workbook_site.environment.facts import facts

MARKERS = [
    "sys_platform == 'darwin'",
    "sys_platform == 'linux' or sys_platform == 'darwin'",
    "python_full_version < '3.11.3'",
    "python_version >= '3.9' and platform_python_implementation != 'PyPy'",
    "python_full_version >= '3.10' and (sys_platform == 'win32' or os_name == 'posix')",
    "platform_machine in 'x86_64 arm64 aarch64'",
    "sys_platform not in 'linux darwin'",
]


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize("python", ["3.11.2", "3.11.10", "3.13.0"])
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_a_marker_means_what_it_means_to_pip(marker, python, platform):
    short = python.rpartition(".")[0]
    told = {"python_full_version": python, "python_version": short, "sys_platform": platform}
    there = facts() | told
    assert pins.applies(marker, there) == Marker(marker).evaluate(there)


@pytest.mark.parametrize("command", ["lab", "test"])
def test_the_pins_of_the_workbook_can_be_read_and_name_no_host(command):
    for file in environment.files(command):
        wanted = pins.wanted([file], facts())
        assert len(wanted) > 100
        assert not re.search(r"://|--index|--find-links", file.read_text())


def test_a_package_is_known_by_any_spelling_and_only_when_whole(tmp_path):
    whole = tmp_path / "Zope.Interface-7.0.dist-info"
    cut_short = tmp_path / "other-1.dist-info"
    for folder in (whole, cut_short):
        folder.mkdir()
    (whole / "RECORD").write_text("")
    there = found.distributions([str(tmp_path), str(tmp_path / "archive.zip")])
    assert there == {"zope-interface": {"7"}}

    file = tmp_path / "requirements.txt"
    file.write_text("zope_interface==7.0.0\nother==1  # via zope\n    # a comment\n")
    assert pins.missing([file], facts(), there) == [pins.Pin("other", "1")]

    found.clear_broken(str(tmp_path))
    assert not cut_short.exists()
    assert whole.exists()
