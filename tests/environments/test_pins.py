"""Every way to an environment installs the same pins, on the same Python."""

import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "requirements"
# Every pin of the workbook itself, and of what an image for a hub has beside it.
OWN = {"requirements.txt", "requirements-test.txt"}
HUB = {"requirements.txt", "requirements-hub.txt"}
PYTHON = "3.13"


def named(text):
    """The requirement files that a text names with `-r`."""
    return set(re.findall(r"-r requirements/(\S+)", text))


def conda():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    pip = next(part["pip"] for part in listed if isinstance(part, dict))
    return [part for part in listed if isinstance(part, str)], pip


def dockerfile():
    return (ROOT / "docker" / "Dockerfile").read_text()


def devcontainer():
    return json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())


def pins(name):
    """Package -> version with its marker, as a file of pins has it."""
    lines = (line.split(" #")[0].strip() for line in (REQUIREMENTS / name).read_text().splitlines())
    found = (re.fullmatch(r"([\w.-]+)(?:\[.*\])?==([^\s;]+).*", line) for line in lines if line)
    return {each[1]: each[2] for each in found if each}


def test_environment_yml_installs_the_pins_and_nothing_else():
    plain, pip = conda()
    assert set(plain) == {f"python={PYTHON}", "pip"}
    assert {line for line in pip if not line.startswith("-r requirements/")} == set()
    assert named("\n".join(pip)) == OWN


def test_the_dockerfile_installs_the_pins_and_nothing_else():
    text = dockerfile()
    assert re.search(r"^FROM python:(\S+?)-", text, re.MULTILINE)[1] == PYTHON
    [install] = re.findall(r"pip install(?:.*\\\n)*.*", text)
    words = install.replace("\\\n", " ").split()
    assert named(install) == HUB
    assert set(words) == {"pip", "install", "--no-cache-dir", "-r",
                          *(f"requirements/{name}" for name in HUB)}  # fmt: skip


def test_the_devcontainer_has_the_workbook_install_its_pins_itself():
    told = devcontainer()
    assert f"/python:{PYTHON}-" in told["image"]
    assert told["postCreateCommand"].startswith("python3 -m workbook_site test ")
    assert "pip install" not in told["postCreateCommand"]


@pytest.mark.parametrize("other", ["requirements-test.txt", "requirements-hub.txt"])
def test_no_package_has_two_versions(other):
    base, more = pins("requirements.txt"), pins(other)
    assert {name: (base[name], more[name]) for name in base.keys() & more.keys()
            if base[name] != more[name]} == {}  # fmt: skip
    assert more.keys() - base.keys()


def test_each_list_of_wishes_has_its_pins():
    wishes = {path.stem for path in REQUIREMENTS.glob("*.in")}
    assert wishes == {path.stem for path in REQUIREMENTS.glob("*.txt")}


def test_what_the_dockerfile_copies_is_there():
    copied = re.findall(r"^COPY (\S+) ", dockerfile(), re.MULTILINE)
    assert copied
    for name in copied:
        assert (ROOT / name).exists(), name
    assert {f"{each}/" for each in ("notebooks", "exercises", "solutions")} <= set(copied)


@pytest.mark.parametrize("name", ["postBuild", "docker/start"])
def test_scripts_can_be_run(name):
    path = ROOT / name
    assert path.stat().st_mode & 0o111
    assert path.read_text().startswith("#!/usr/bin/env bash\n")
