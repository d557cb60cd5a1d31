"""A child is bound to its owner: whatever ends the owner ends the child and all that it forked."""

import os
import signal
import socket
import subprocess
import sys
import textwrap

import psutil
import pytest

from workbook_site.places import CHECKOUT
from workbook_site.services.process import NotStarted, line, port, start, unix_socket

SAYS_READY = "print('ready', flush=True); import time; time.sleep(600)"
FAMILY = textwrap.dedent("""
    import os, sys, time
    def grandchild(away):
        if os.fork() == 0:
            if away: os.setsid()
            time.sleep(600)
    grandchild(False); grandchild(AWAY)
    print('ready', flush=True)
    time.sleep(600)
""")
OWNER = textwrap.dedent("""
    import sys, time
    from workbook_site.services.process import line, start
    child = start([sys.executable, '-c', sys.argv[1]], ready=line('ready'))
    print(child.keeper_pid, flush=True)
    time.sleep(600)
""")
LINUX = sys.platform.startswith("linux")


def python(source, **kwargs):
    return start([sys.executable, "-c", source], name="example", **kwargs)


def gone(processes):
    """All of them have ended, within a bound that only a failure reaches."""
    return not psutil.wait_procs(processes, timeout=20)[1]


@pytest.fixture
def owner():
    """A process that owns a family, and the family: keeper, child, two grandchildren."""
    source = FAMILY.replace("AWAY", str(LINUX))  # one leaves the session where that is covered
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, source], stdout=subprocess.PIPE, text=True, env=env
    )
    keeper = psutil.Process(int(process.stdout.readline()))
    family = [keeper, *keeper.children(recursive=True)]
    yield process, family
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_whole_family_goes_with_its_owner(owner, number):
    process, family = owner
    assert len(family) == 4
    process.send_signal(number)
    assert gone(family)


def test_an_interrupt_of_the_owners_group_spares_the_child(owner):
    _, (keeper, child, *_) = owner
    assert os.getpgid(keeper.pid) == keeper.pid
    assert os.getpgid(child.pid) == child.pid


def test_stop_ends_the_grandchildren_too():
    with python(FAMILY.replace("AWAY", str(LINUX)), ready=line("ready")) as child:
        family = psutil.Process(child.keeper_pid).children(recursive=True)
        assert len(family) == 3
    assert gone(family)
    assert child.returncode == -signal.SIGTERM


def test_grandchildren_go_when_the_child_ends_by_itself():
    with python(FAMILY.replace("AWAY", str(LINUX)), ready=line("ready")) as child:
        family = psutil.Process(child.keeper_pid).children(recursive=True)
        child.signal(signal.SIGKILL)
        assert gone(family)
        assert child.stop() == -signal.SIGKILL


def test_a_killed_keeper_takes_the_child_along():
    if not LINUX:
        pytest.skip("the keeper says that this is covered on Linux only")
    child = python(SAYS_READY, ready=line("ready"))
    process = psutil.Process(child.pid)
    os.kill(child.keeper_pid, signal.SIGKILL)
    assert gone([process])
    assert not child.running or child.stop() == -signal.SIGKILL
    child.stop()


def test_a_child_that_ignores_the_polite_signal_is_killed():
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SAYS_READY
    child = python(deaf, ready=line("ready"), grace=0.1)
    assert child.stop() == -signal.SIGKILL


def test_a_child_may_finish_its_work_on_the_polite_signal():
    polite = textwrap.dedent("""
        import signal, sys, time
        signal.signal(signal.SIGINT, lambda *_: sys.exit("drained"))
        print("ready", flush=True)
        time.sleep(600)
    """)
    child = python(polite, ready=line("ready"), end_with=signal.SIGINT)
    assert child.stop() == 1
    assert child.log(1) == "drained"


def test_stopping_twice_is_fine_and_the_log_stays():
    child = python(SAYS_READY, ready=line("ready"))
    assert child.stop() == child.stop() == child.kill() == -signal.SIGTERM
    assert child.log() == "ready\n"
    assert not child.running


def test_ready_is_what_the_line_said():
    with python(
        "print('listening on 4711', flush=True); input()", ready=line(r"on (\d+)")
    ) as child:
        assert child.ready[1] == "4711"


def test_a_port_is_ready_when_it_answers(free_port):
    server = f"""
import http.server as h
h.HTTPServer(("127.0.0.1", {free_port}), h.SimpleHTTPRequestHandler).serve_forever()
"""
    with python(server, ready=port(free_port)):
        socket.create_connection(("127.0.0.1", free_port)).close()


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_unix_socket_is_ready_when_it_answers(tmp_path):
    path = tmp_path / "s"
    server = f"""
import socket, time
server = socket.socket(socket.AF_UNIX)
server.bind({str(path)!r})
server.listen()
time.sleep(600)
"""
    with python(server, ready=unix_socket(path)), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))


def test_dying_before_it_is_ready_shows_the_last_words():
    with pytest.raises(NotStarted) as caught:
        python("import sys; sys.exit('the port is taken')", ready=line("ready"))
    assert "example ended with exit code 1 before it was ready" in str(caught.value)
    assert "the port is taken" in str(caught.value)


def test_being_late_names_the_bound_and_leaves_nobody():
    with pytest.raises(NotStarted, match=r"not ready within 0\.3 seconds") as caught:
        python(
            "print('warming up', flush=True); import time; time.sleep(600)",
            ready=line("never"),
            within=0.3,
        )
    assert "warming up" in str(caught.value)


def test_a_missing_program_is_named():
    with pytest.raises(NotStarted, match="no program 'valkey-of-nowhere' on this machine's PATH"):
        start(["valkey-of-nowhere"])


def test_a_program_that_cannot_run_is_named(tmp_path):
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF nonsense")
    program.chmod(0o755)
    with pytest.raises(NotStarted, match=r"program can't be started: .*Exec format error"):
        start([program])


def test_waiting_may_come_later():
    child = python(SAYS_READY, ready=line("ready"), wait=False)
    try:
        assert child.wait_ready()
        assert child.wait_ready() is child.ready
    finally:
        child.stop()


def test_environment_folder_and_nothing_on_stdin(tmp_path):
    source = """
import os, sys, time
print(os.getcwd(), os.environ["COLOUR"], repr(sys.stdin.read()), "ready", flush=True)
time.sleep(600)
"""
    env = {**os.environ, "COLOUR": "blue"}
    with python(source, ready=line("ready"), env=env, cwd=tmp_path) as child:
        assert child.log().split() == [str(tmp_path.resolve()), "blue", "''", "ready"]


def test_no_descriptor_of_the_owner_reaches_the_child():
    lists = "import os; print(sorted(os.listdir('/dev/fd')))\n"
    with python(lists + SAYS_READY, ready=line("ready")) as child:
        assert child.log().startswith("['0', '1', '2', '3']")  # 3 is the listing itself
