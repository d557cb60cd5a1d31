"""The environment: recognised, made, gone on with, repaired; by real calls to a real checkout."""

import json
import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import django
import pytest

from tests.cli.checkouts import Checkout, read_only, wheel, writable
from workbook_site import exits

NOWHERE = "file:///there/is/no/such/shelf"


def says_nothing(stderr):
    """A Python that warns of its own is not ours to silence; all else would be a second install."""
    assert stderr == ""


def test_the_first_call_makes_it_and_the_second_starts_at_once(first_call):
    out, err = first_call.said
    assert "Restored" in out
    assert "step 1 of 2  making the environment" in err
    assert "step 2 of 2  tiny" in err

    log = (first_call.venv / "workbook.log").read_text()
    code, out, err = first_call.reset(PIP_FIND_LINKS=NOWHERE)
    assert (code, "Restored" in out) == (0, True)
    says_nothing(err)
    assert (first_call.venv / "workbook.log").read_text() == log, "pip was called again"


def test_programs_of_the_environment_find_the_workbook_without_our_help(first_call):
    python = first_call.venv / "bin" / "python"
    told = subprocess.run(
        [python, "-I", "-c", "import workbook_site; print(workbook_site.__file__)"],
        cwd=first_call.folder.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(told.stdout.strip()).parents[1] == first_call.folder


def test_an_environment_that_has_all_gets_no_other(checkout):
    text = f"django=={django.__version__}\nabsent==1 ; sys_platform == 'none'\n"
    (checkout.folder / "requirements" / "requirements.txt").write_text(text)
    code, out, err = checkout.reset()
    assert (code, "Restored" in out) == (0, True)
    says_nothing(err)
    assert not checkout.venv.exists()


def test_only_test_installs_what_only_test_needs(prepared):
    prepared.require("tiny", "tester", file="requirements-test.txt")
    wheel(prepared.shelf, "tester")
    assert not list(prepared.venv.rglob("tester.py"))

    (prepared.folder / "test_it.py").write_text("def test_it():\n    assert 0\n")
    code, out, err = prepared.call("test", "-n0", "-q", "test_it.py")
    assert "tester" in err
    assert (code, "1 failed" in out) == (1, True), out + err
    assert list(prepared.venv.rglob("tester.py"))
    says_nothing(prepared.reset()[2])


def test_new_pins_are_brought_by_the_next_call(prepared):
    wheel(prepared.shelf, "later")
    prepared.require("tiny", "later")
    code, _, err = prepared.reset()
    assert (code, "later" in err, "tiny" in err) == (0, True, False)
    says_nothing(prepared.reset()[2])


def test_a_failed_install_names_its_step_and_the_next_call_goes_on_from_there(prepared):
    early = [f"early{n}" for n in range(8)]
    for name in early:
        wheel(prepared.shelf, name)
    prepared.require(*early, "absent")
    code, out, err = prepared.reset()
    assert (code, out) == (exits.INSTALL, "")
    assert "Step 3 of 3 did not work: installing absent." in err
    assert "No matching distribution found for absent==1.0" in err
    assert "Traceback" not in err
    assert list(prepared.venv.rglob("early7.py"))

    wheel(prepared.shelf, "absent")
    code, out, err = prepared.reset()
    assert (code, "Restored" in out) == (0, True)
    assert "step 3 of 3  absent" in err
    assert "early0" not in err


def test_without_a_network_the_cause_is_told_once(wanting):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    index = {"PIP_INDEX_URL": f"http://127.0.0.1:{port}/simple", "PIP_RETRIES": "2"}
    code, _, err = wanting.reset(PIP_NO_INDEX="0", PIP_FIND_LINKS="", **index)
    assert code == exits.INSTALL
    assert err.count("Retrying") == 1
    assert "Connection refused" in err
    assert "no network?" in err


def test_a_killed_install_is_gone_on_with_once_its_orphan_is_done(wanting, slow_shelf):
    killed = wanting.start("reset", "00", PIP_FIND_LINKS=slow_shelf.address)
    assert slow_shelf.asked.wait(60)
    killed.kill()
    killed.wait()
    second = wanting.start("reset", "00")
    assert "Another call is preparing" in second.stderr.readline()
    slow_shelf.release()
    _, err = second.communicate()
    killed.stdout.close()
    killed.stderr.close()
    assert second.returncode == 0, err
    says_nothing(wanting.reset()[2])


def test_two_calls_at_once_do_the_work_once(wanting, slow_shelf):
    first = wanting.start("reset", "00", PIP_FIND_LINKS=slow_shelf.address)
    assert slow_shelf.asked.wait(60)
    second = wanting.start("reset", "00", PIP_FIND_LINKS=NOWHERE)
    assert "Another call is preparing" in second.stderr.readline()
    slow_shelf.release()
    _, told = first.communicate()
    _, told_second = second.communicate()
    assert (first.returncode, second.returncode) == (0, 0), told + told_second
    assert "Preparing" not in told_second


def test_an_interrupted_install_says_that_it_is_gone_on_with(wanting, slow_shelf):
    first = wanting.start("reset", "00", PIP_FIND_LINKS=slow_shelf.address)
    assert slow_shelf.asked.wait(60)
    os.killpg(first.pid, signal.SIGINT)
    _, err = first.communicate()
    assert first.returncode == exits.INTERRUPTED
    assert "goes on from there" in err
    assert "Traceback" not in err
    assert wanting.reset()[0] == 0


def test_an_environment_whose_python_went_away_is_made_anew(prepared):
    for name in ("python", "python3"):
        link = prepared.venv / "bin" / name
        link.unlink()
        link.symlink_to("/gone/with/an/upgrade/python3")
    code, _, err = prepared.reset()
    assert (code, "half-made" in err) == (0, True), err
    says_nothing(prepared.reset()[2])


def test_an_environment_that_was_cut_short_is_made_anew(prepared):
    stamp = prepared.venv / "workbook.json"
    stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"made": False}))
    shutil.rmtree(next(prepared.venv.rglob("site-packages/pip")))
    code, _, err = prepared.reset()
    assert (code, "half-made" in err) == (0, True), err


def test_a_package_that_was_cut_short_is_installed_anew(prepared):
    next(prepared.venv.rglob("tiny-1.0.dist-info/RECORD")).unlink()
    (prepared.venv / "workbook.json").unlink()
    code, _, err = prepared.reset()
    assert (code, "tiny" in err) == (0, True), err
    assert next(prepared.venv.rglob("tiny-1.0.dist-info/RECORD")).stat().st_size


def test_a_moved_checkout_works_without_an_install(prepared):
    there = prepared.folder.with_name("elsewhere")
    prepared.folder.rename(there)
    prepared.folder = there
    code, _, err = prepared.reset(PIP_FIND_LINKS=NOWHERE)
    assert (code, "moved" in err, "step" in err) == (0, True, False), err
    script = subprocess.run([there / ".venv" / "bin" / "tiny"], capture_output=True, text=True)
    assert script.stdout == "1.0\n", script.stderr
    says_nothing(prepared.reset()[2])


def test_an_environment_that_two_checkouts_share_says_whose_it_was(prepared, tmp_path):
    other = Checkout(tmp_path / "other")
    code, _, err = other.reset(WORKBOOK_VENV=prepared.venv)
    assert (code, "moved" in err, "step" in err) == (0, False, False), err
    assert f"knew the workbook in {prepared.folder}." in err
    assert next(prepared.venv.rglob("workbook_site.pth")).read_text() == f"{other.folder}\n"


@pytest.mark.parametrize("python", ["", "#!/bin/sh\necho '{}'\n"], ids=["no python", "no good one"])
def test_a_venv_of_somebody_else_that_is_no_good_is_kept_aside(checkout, python):
    (checkout.venv / "bin").mkdir(parents=True)
    (checkout.venv / "pyvenv.cfg").write_text("version = 3.8.18\n")
    (checkout.venv / "mine").write_text("precious")
    if python:
        (checkout.venv / "bin" / "python").write_text(python)
        (checkout.venv / "bin" / "python").chmod(0o755)
    code, _, err = checkout.reset()
    (aside,) = checkout.folder.glob(".venv-*")
    assert (code, aside.name in err) == (0, True), err
    assert (aside / "mine").read_text() == "precious"


def test_a_good_venv_of_somebody_else_is_used(checkout):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", checkout.venv], check=True)
    (checkout.venv / "mine").write_text("precious")
    code, _, err = checkout.reset()
    assert (code, "making" in err) == (0, False), err
    assert (checkout.venv / "mine").exists()
    says_nothing(checkout.reset()[2])


def test_a_folder_that_was_named_and_is_in_use_is_not_touched(checkout, tmp_path):
    named = tmp_path / "letters"
    named.mkdir()
    (named / "to_mother.txt").write_text("dear")
    code, out, err = checkout.reset(WORKBOOK_VENV=named)
    assert (code, out) == (exits.FOLDER, "")
    assert str(named) in err
    assert [path.name for path in named.iterdir()] == ["to_mother.txt"]


def test_a_checkout_that_is_read_only_says_how_to_go_on_and_does(checkout, tmp_path):
    held = read_only(checkout.folder)
    try:
        code, out, err = checkout.reset(preexec_fn=held)
        assert (code, out) == (exits.FOLDER, "")
        assert "WORKBOOK_VENV=" in err
        assert "Traceback" not in err

        workspace = tmp_path / "mine"
        (workspace / ".workbook").mkdir(parents=True)
        code, out, err = checkout.reset(
            preexec_fn=held, WORKBOOK_VENV=tmp_path / "env", WORKBOOK_WORKSPACE=workspace
        )
        assert (code, "Restored" in out) == (0, True), err
    finally:
        writable(checkout.folder)


def test_python_refusing_to_make_one_is_told_in_its_words(checkout, tmp_path):
    # A folder whose name holds the separator of PATH can't be an environment.
    named = tmp_path / f"a{os.pathsep}b"
    code, _, err = checkout.reset(WORKBOOK_VENV=named)
    assert code == exits.INSTALL
    assert "Step 1 of 2 did not work" in err
    assert "PATH separator" in err
    assert "Traceback" not in err


def test_a_broken_requirement_file_is_named(checkout):
    (checkout.folder / "requirements" / "requirements.txt").write_text("django>=5\n")
    code, _, err = checkout.reset()
    assert code == exits.INSTALL
    assert "requirements.txt, line 1: expected NAME==VERSION" in err


def test_from_another_directory_by_path_or_by_pythonpath(prepared, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    # Not ours, and in the way of a careless start.
    (elsewhere / "workbook_site").mkdir(parents=True)
    (elsewhere / "workbook_site" / "__init__.py").touch()
    (elsewhere / "workbook_site" / "inside.py").write_text("raise SystemExit('the wrong one')\n")
    by_path = [str(prepared.folder / "workbook_site")]
    code, out, err = prepared.reset(cwd=elsewhere, argv=by_path)
    assert (code, "Restored" in out) == (0, True), err
    paths = os.pathsep.join([str(prepared.folder), prepared.surroundings()["PYTHONPATH"]])
    code, out, err = prepared.reset(cwd=tmp_path, PYTHONPATH=paths)
    assert (code, "Restored" in out) == (0, True), err
    says_nothing(err)


def test_a_terminal_sees_what_pip_does_meanwhile(wanting):
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "workbook_site", "reset", "00"],
        cwd=wanting.folder,
        env=wanting.surroundings(TERM="xterm", COLUMNS="80"),
        stdout=subprocess.DEVNULL,
        stderr=its,
    )
    os.close(its)
    shown = b""
    # Linux ends the other side of a pseudo-terminal with an error, macOS with nothing.
    while chunk := _read(ours):
        shown += chunk
    os.close(ours)
    assert process.wait() == 0
    assert b"unpacking other" in shown
    assert b"\r\x1b[K" in shown


def _read(handle):
    try:
        return os.read(handle, 4096)
    except OSError:
        return b""
