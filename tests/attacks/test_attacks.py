"""What strangers may hand in: it earns nothing, says why, and changes nothing for the others."""

import json
import socket
import sys

import pytest

from tests.attacks.conftest import MB, SECRET, answer, figures, hostile, memory
from tests.judge.conftest import RIGHT, exercise, it_doubles, it_says_what_it_is, project
from workbook_site.checking import Outcome, equal


async def its_files_are_looked_at(site):
    """Rows, mails, tasks and sources, after the attack had its turn."""
    await site.get("/double/", params={"n": 1})
    equal(await site.rows("auth.User"), [])
    await site.outbox()
    await site.tasks.queued()
    site.source("mysite/urls.py")
    equal((await site.get("/double/", params={"n": 2})).json(), {"double": 4})


ASKED = exercise(it_doubles, it_says_what_it_is, its_files_are_looked_at)


@pytest.fixture
def judged(walled):
    """`judged(answer)`: the report on it, by the sandboxed judge of this worker."""
    judge, run = walled
    base = project(RIGHT)
    return lambda text: run(judge.judge(ASKED, project(text), base, seed=1))


@pytest.fixture
def unchanged(walled, judged, tmp_path, monkeypatch):
    """The machine is as it was, and the same host gives an honest answer its due."""
    monkeypatch.setenv("SECRET_OF_THE_GRADER", "1")
    judge, _ = walled
    assert judged(RIGHT).outcome is Outcome.PASSED
    before, weights = figures(judge), memory(judge)
    yield
    report = judged(RIGHT)
    assert report.outcome is Outcome.PASSED, report
    assert figures(judge) == before
    for weight, was in zip(memory(judge), weights, strict=True):
        assert weight - was < 24 * MB


@pytest.mark.parametrize("file", hostile(), ids=lambda file: file.stem)
@pytest.mark.usefixtures("unchanged")
def test_an_attack(file, judged, tmp_path):
    secret = tmp_path / "gradebook.sqlite3"
    secret.write_text(SECRET)
    proof = tmp_path / "proof"
    with socket.create_server(("127.0.0.1", 0)) as service:
        known = {
            "SECRET": secret,
            "PROOF": proof,
            "PORT": service.getsockname()[1],
            "PREFIXES": sys.base_prefix,
        }
        text = answer(file, **known)
        report = judged(text)
        service.settimeout(0)
        with pytest.raises(BlockingIOError):
            service.accept()
    told = json.dumps(report.to_json())
    assert "LOOT" not in told, report.output
    assert secret.read_text() == SECRET
    assert not proof.exists()
    equal(report.possible, 3.0, f"a fault of ours: {told}")
    equal(report.outcome, Outcome.NOT_YET, told)
    nothing = "(earns 0)" in text
    kept = report.results[1].outcome
    assert kept is not Outcome.PASSED or not nothing
    assert report.points == (1.0 if kept is Outcome.PASSED else 0.0), told
    assert "(earns 0)" in text or "[all]" in text or kept is Outcome.PASSED, told
    assert report.first_failure.failure.message, told
