"""Every kind of file that can't be graded has an exit code of its own, told by the command."""

import json
import os
import zipfile

import pytest

from tests.grading.small import CHAPTER, Gradebook, notebook
from tests.intake.test_bad_files import BAD
from workbook_site import exits
from workbook_site.intake import Trouble

NAME = f"{CHAPTER}.ipynb"

# Each call is the real command; only the interpreter is shared.
CALLS = """
import contextlib, io, sys
from workbook_site import inside

def code(path):
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            return inside.main(["grade", path, "--workers", "1", "--no-sandbox"])
        except SystemExit as ended:
            return ended.code

say({{name: code(path) for name, path in {paths!r}.items()}})
"""


def text(**changes):
    return json.dumps({**notebook({}), **changes}).encode()


FILES = {**BAD, Trouble.TOO_LARGE: b" " * (20 * 1024 * 1024 + 1)}


def place(folder):
    path = folder / "bob" / NAME
    path.parent.mkdir(parents=True)
    return path


def lay(folder, trouble):
    """Something with this one trouble; the path to grade."""
    if trouble in FILES:
        place(folder).write_bytes(FILES[trouble])
    elif trouble is Trouble.SYMLINK:
        place(folder).symlink_to(__file__)
    elif trouble is Trouble.UNREADABLE:
        os.mkfifo(place(folder))
    elif trouble is Trouble.NOBODYS:
        place(folder).with_name("notes.ipynb").write_bytes(text(cells=[]))
    else:
        folder.mkdir(parents=True)
        return pack(folder / "class.zip", trouble)
    return folder


def pack(path, trouble):
    names = {Trouble.ZIP_PATH: f"../../evil/{NAME}"}
    data = {Trouble.ZIP_BOMB: bytes(15_000_000)}.get(trouble, text())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(names.get(trouble, f"bob/{NAME}"), data)
    if trouble is Trouble.ZIP_BROKEN:
        path.write_bytes(path.read_bytes()[:-30])
    if trouble is Trouble.ZIP_LOCKED:
        whole = bytearray(path.read_bytes())
        for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # of the file, of the list
            whole[whole.find(mark) + flags] |= 1
        path.write_bytes(whole)
    return path


@pytest.fixture(scope="module")
def codes(tmp_path_factory):
    """The exit code of each call, by what was to be graded."""
    folder = tmp_path_factory.mktemp("codes")
    paths = {str(each): str(lay(folder / each, each)) for each in Trouble}
    several = folder / "several"
    for name, data in (("ann", b""), ("bob", b"[1, 2]"), ("eve", text())):
        (several / name).mkdir(parents=True)
        (several / name / NAME).write_bytes(data)
    paths |= {"several": str(several), "nowhere": str(folder / "nowhere")}
    return Gradebook(folder / "made").ask(CALLS.format(paths=paths))


@pytest.mark.parametrize("trouble", Trouble, ids=str)
def test_one_kind_of_trouble_has_its_code(trouble, codes):
    assert codes[str(trouble)] == trouble.code


def test_several_kinds_have_one_code_together_and_no_path_another(codes):
    assert (codes["several"], codes["nowhere"]) == (exits.INTAKE, exits.USAGE)


def test_no_two_ways_to_end_share_a_code():
    others = [value for name, value in vars(exits).items() if name.isupper()]
    every = [*others, *(trouble.code for trouble in Trouble)]
    assert len(set(every)) == len(every)
