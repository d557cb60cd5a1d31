"""environment.yml installs the same pins as the command line does."""

from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def parts():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    pip = next(part["pip"] for part in listed if isinstance(part, dict))
    return [part for part in listed if isinstance(part, str)], pip


def test_every_requirement_file_is_installed_and_nothing_else():
    _, pip = parts()
    wanted = {f"-r {path.relative_to(ROOT)}" for path in (ROOT / "requirements").glob("*.txt")}
    assert set(pip) == wanted


def test_python_is_one_that_we_run_on():
    conda, _ = parts()
    assert "python=3.13" in conda
