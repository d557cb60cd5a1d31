"""The host at moments that come once in a thousand answers: whatever ends just then, it goes on."""

import os
import sys
import threading

import pytest

from tests import forks
from tests.judge.conftest import environment
from workbook_site.judge import family

# A host, and a keeper that the test is: `meanwhile` is what happens while it makes the room.
HOST = """
import json, os, socket
from workbook_site.judge import Limits
from workbook_site.judge.host import Host
from workbook_site.judge.job import Job

job = Job(site="", state="", upstream="", migrate=False, serve=False, limits=Limits())
judge, control = socket.socketpair()
judge.settimeout(30)
rooms = []


def say(word, *descriptors, **more):
    socket.send_fds(judge, [json.dumps({word: 3, **more}).encode() + b"\\n"], descriptors)


class Keeper:
    pid = 0

    def __init__(self):
        self.orders, self._end = socket.socketpair()

    def refused(self):
        return ""

    def room(self, number, job, line):
        room, door = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        rooms.append(room)
        MEANWHILE
        return door


def of_a_dead_process():
    '''A namespace of processes whose first has ended.'''
    pid = os.fork()
    if pid == 0:
        import ctypes
        assert ctypes.CDLL(None, use_errno=True).unshare(0x20000000) == 0
        first = os.fork()
        if first == 0:
            os._exit(0)
        read = os.open("/proc/self/ns/pid_for_children", os.O_RDONLY)
        os.waitpid(first, 0)
        socket.send_fds(rooms[-1], [b'{"owner": 0}'], [read] * 5)
        os._exit(0)
    assert os.waitpid(pid, 0) == (pid, 0)


pid = os.fork()
if pid == 0:
    BEFORE
    Host(control, Keeper()).run()
control.close()
try:
    for _ in range(2):  # it serves the next one as well
        say("start", *[os.open(os.devnull, os.O_RDWR) for _ in range(ENDS)], job=job.to_json())
        heard = b""
        while b"ended" not in heard:
            more = judge.recv(4096)
            assert more, "the host is gone"
            heard += more
finally:
    os.kill(pid, 9)
    os.waitpid(pid, 0)
print(heard.decode())
"""


def heard(meanwhile="", before="", ends=5):
    """What the judge hears of a host in which this happens while a room is made, or before all
    else. `ends`: how many descriptors come with an answer, 5 for one that gets a room."""
    words = {"MEANWHILE": meanwhile or "pass", "BEFORE": before or "pass", "ENDS": str(ends)}
    code = HOST
    for word, told in words.items():
        code = code.replace(word, told)
    done = forks.python(code, environment())
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_answer_whose_end_is_ordered_when_its_room_is_ready():
    """Both are there at the same look: the order first, then the room."""
    told = heard("say('end'); socket.send_fds(room, [b'{\"owner\": 0}'], [])")
    assert '{"ended": 3, "status": -9}' in told


@pytest.mark.skipif(os.geteuid() != 0, reason="a namespace of processes is root's to make")
def test_a_room_that_ends_when_it_has_just_told_that_it_is_ready():
    told = heard("of_a_dead_process()")
    assert '{"ended": 3, "status": 92}' in told


def test_a_machine_that_has_no_room_for_one_more_process():
    full = "def fork(): raise BlockingIOError(11, 'no more')\n    os.fork = fork"
    assert '{"ended": 3, "status": 92}' in heard(before=full, ends=4)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_process_that_ends_while_its_children_are_looked_for_has_none():
    for _ in range(100):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        burial = threading.Thread(target=os.waitpid, args=(pid, 0))
        burial.start()
        while burial.is_alive():
            assert family.children(pid) == []
        burial.join()
