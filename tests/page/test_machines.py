"""Past one machine: a page, workers and one that is killed, joined by PostgreSQL and Valkey only.

Each has a gradebook folder of its own, as on machines of their own: nothing is shared on the disk.
"""

import io
import json
import signal
import zipfile
from contextlib import ExitStack, contextmanager

import pytest
from websockets.sync.client import connect

from tests.grading import small
from tests.page.house import House, command, python, send
from workbook_site.services import postgres, process, valkey

STUDENTS = 8
RECORD = """
import json
print(json.dumps({
    "states": list(Submission.objects.values_list("state", flat=True)),
    "holders": list(Submission.objects.exclude(lease_holder="").values_list("pk", flat=True)),
    "answers": Answer.objects.count(),
    "current": Grade.objects.filter(current=True).count(),
    "grades": Grade.objects.count(),
    "engine": Student.objects.db and django.db.connection.vendor,
}))
"""


@pytest.fixture
def network(tmp_path_factory):
    """The surroundings that all machines share."""
    folder = tmp_path_factory.mktemp("course")
    child, address = valkey.start()
    with postgres.running() as (_, database), child:
        yield (
            child,
            {
                "WORKBOOK_DATABASE_URL": database,
                "WORKBOOK_REDIS_URL": address.url,
                "WORKBOOK_SECRET_KEY": "k" * 60,
                "WORKBOOK_CONTENT": str(small.course(folder)),
            },
        )


def a_zip(folder):
    """A class as a zip of folders; the right points by student."""
    wanted = small.a_class(folder, STUDENTS)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for path in sorted(folder.rglob("*.ipynb")):
            file.write(path, path.relative_to(folder))
    return packed.getvalue(), wanted


def worker(folder, network):
    ready = process.line("Ready to grade")
    return command(folder, "worker", "--no-sandbox", ready=ready, **network)


@contextmanager
def listening(house, client):
    """What the socket says, one news after the other."""
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    address = f"ws://127.0.0.1:{house.port}/live/?since=0"
    with connect(
        address, origin=house.address, additional_headers={"Cookie": cookies}, open_timeout=30
    ) as socket:
        yield lambda: json.loads(socket.recv(timeout=60))


def full(rows):
    """How many of these rows of the table say that all is solved."""
    return sum("✓" in row for row in rows.values())


def test_two_workers_finish_what_a_killed_third_began(tmp_path, network):
    queue, network = network
    packed, wanted = a_zip(tmp_path / "class")
    with ExitStack() as stack:
        house = stack.enter_context(House(tmp_path / "web", **network))
        ada = stack.enter_context(house.instructor())
        got = send(ada, "/hand-in/", files={"files": ("class.zip", packed)})
        assert f"{STUDENTS} new" in got.text
        news = stack.enter_context(listening(house, ada))
        seen = {}

        def states():
            told = news()
            seen.update(told["rows"])
            return told["states"]

        third = stack.enter_context(worker(tmp_path / "third", network))
        while "running" not in states():
            pass
        third.signal(signal.SIGKILL)
        third.stop()
        for name in ("one", "two"):
            stack.enter_context(worker(tmp_path / name, network))
        # What all are counted to be may be told just before the last one's row is.
        while states() != {"graded": STUDENTS} or full(seen) < STUDENTS // 2:
            pass
        record = json.loads(python(house.folder, RECORD, **network))
        marks = ada.get("/exports/grades.json").json()

        queue.kill()
        late = ("zoe_00_small.ipynb", json.dumps(small.notebook({})))
        assert "1 new" in send(ada, "/hand-in/", files={"files": late}).text
    assert record["engine"] == "postgresql"
    assert record["states"] == ["graded"] * STUDENTS
    assert record["holders"] == []
    assert record["current"] == record["grades"] == record["answers"] == 3 * STUDENTS
    assert {each["student"]: each["points"] for each in marks["submissions"]} == wanted
    assert full(seen) == STUDENTS // 2
    assert not any((tmp_path / name / "gradebook.sqlite3").exists() for name in ("web", "one"))
