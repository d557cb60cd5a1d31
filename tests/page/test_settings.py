"""The settings, on one's own machine and as shipped for a server."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.page.house import ROOT, environment, python

DEPLOY = ROOT / "workbook_site" / "deploy"
SERVER = {"WORKBOOK_HOSTS": "gradebook.example.edu", "WORKBOOK_SECRET_KEY": "0k9s8d7f" * 9}


def check(folder, *words, **more):
    surroundings = environment(folder, DJANGO_SETTINGS_MODULE="workbook_site.settings", **more)
    return subprocess.run(
        [sys.executable, "-m", "django", *words],
        env=surroundings, capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip


def test_the_deploy_check_has_nothing_to_say_of_a_server(tmp_path):
    done = check(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **SERVER)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_no_change_of_the_models_is_without_its_migration(tmp_path):
    done = check(tmp_path, "makemigrations", "--check", "--dry-run")
    assert "No changes detected" in done.stdout, done.stdout + done.stderr


ASK = """
from django.test import Client
for secure in (False, True):
    got = Client().get("/login/", secure=secure, headers={"host": "gradebook.example.edu"})
    print(got.status_code, got.headers.get("strict-transport-security", "-"))
    for cookie in got.cookies.values():
        print(cookie.key, bool(cookie["secure"]), cookie["samesite"], bool(cookie["httponly"]))
"""


def test_a_server_speaks_tls_only(tmp_path):
    told = python(tmp_path, ASK, **SERVER).splitlines()
    assert told[0] == "301 -"
    assert told[1] == "200 max-age=31536000; includeSubDomains; preload"
    assert told[2] == "__Host-workbook_csrf True Lax True"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mysql://a:b@c/d", "It has to look like this"),
        ("nonsense", "It has to look like this"),
    ],
)
def test_a_database_of_another_kind_is_refused_in_a_sentence(tmp_path, address, told):
    done = subprocess.run(
        [sys.executable, "-m", "workbook_site.inside", "gradebook", "--prepare"],
        env=environment(tmp_path, WORKBOOK_DATABASE_URL=address),
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_the_key_is_kept_for_us_alone(tmp_path):
    folder = tmp_path / "gradebook"
    words = [sys.executable, "-m", "workbook_site.inside", "gradebook", "--prepare"]
    said = [
        subprocess.run(
            [*words, "--gradebook", folder],
            env=environment(tmp_path / "elsewhere"),
            capture_output=True, text=True, check=True, cwd=ROOT,
        ).stdout
        for _ in range(2)
    ]  # fmt: skip
    assert re.search(r"Password +\S+", said[0])
    assert "Password" not in said[1]
    key = folder / "secret.key"
    assert len(key.read_text()) > 60
    if os.name == "posix":
        assert key.stat().st_mode & 0o077 == 0
    assert not (tmp_path / "elsewhere").exists()


def test_a_port_that_is_taken_has_its_exit_code(tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = ["--port", str(taken.getsockname()[1]), "--workers", "0"]
        done = subprocess.run(
            [sys.executable, "-m", "workbook_site.inside", "gradebook", *words],
            env=environment(tmp_path), capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
    assert done.returncode == 13
    assert "can't be used on this machine" in done.stderr


def test_what_is_shipped_for_servers_names_what_there_is():
    variables = set(re.findall(r"WORKBOOK_\w+", (ROOT / "workbook_site/deployment.py").read_text()))
    env = (DEPLOY / "gradebook.env").read_text()
    assert set(re.findall(r"^(WORKBOOK_\w+)=", env, re.MULTILINE)) == variables
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    page, worker = compose["services"]["page"], compose["services"]["worker"]
    assert set(page["environment"]) <= variables
    assert "--prepare" in page["command"]
    assert worker["command"].split()[2:] == ["workbook_site.inside", "worker"]
    assert "ports" not in page, "only the proxy is reached from outside"
    for unit in DEPLOY.glob("*.service"):
        text = unit.read_text()
        assert "EnvironmentFile=/etc/workbook/gradebook.env" in text
        for command in re.findall(r"-m workbook_site (\w+)", text):
            assert Path(ROOT / f"workbook_site/management/commands/{command}.py").is_file()
