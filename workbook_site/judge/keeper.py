"""The keeper of the rooms: a small process from which they are forked.

It is forked from the host before the host loads anything. A fork costs by what its parent has
loaded, and a room needs no Django: each of its two processes is so had for a tenth of the price.

One packet each way, on a socket that keeps them apart:

    {"refused": ""}  or why no room can be made                    (once, when it is ready)
    {"number": 3, "site": "...", "state": "...", "limits": {...}}  with the judge's line and ours
"""

import contextlib
import dataclasses
import gc
import json
import os
import signal
import socket
from pathlib import Path
from typing import NoReturn

from workbook_site.judge import namespaces, room
from workbook_site.judge.job import OURS, Job
from workbook_site.judge.limits import Limits

PACKET = 64 * 1024


class Keeper:
    """The keeper, as the host sees it. `orders`: closed when the keeper is gone."""

    def __init__(self, answers: Path, as_root: bool) -> None:
        self.orders, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.orders.close()
                _keep(end, answers, as_root)
            finally:
                os._exit(OURS)
        end.close()

    def refused(self) -> str:
        """Wait until it is ready; why no room can be made, empty when they can."""
        return str(json.loads(self.orders.recv(PACKET))["refused"])

    def room(self, number: int, job: Job, line: int) -> socket.socket:
        """Order a room; what it sends, with its doors, comes on this socket. Raises `OSError`."""
        door, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        told = room.Order(number, job.site, job.state, job.limits)
        packet = json.dumps(dataclasses.asdict(told)).encode()
        with end:
            socket.send_fds(self.orders, [packet], [line, end.fileno()])
        return door


def _keep(orders: socket.socket, answers: Path, as_root: bool) -> NoReturn:
    namespaces.end_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the judge's
    gc.disable()
    gc.collect()
    gc.freeze()
    orders.send(json.dumps({"refused": room.possible(answers, as_root)}).encode())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a room ended
    while True:
        packet, descriptors, _, _ = socket.recv_fds(orders, PACKET, 2)
        if not packet:
            os._exit(0)
        told = json.loads(packet)
        order = room.Order(**{**told, "limits": Limits(**told["limits"])})
        if os.fork() == 0:
            with contextlib.suppress(BaseException):
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                orders.close()
                line, door = descriptors
                room.live(order, answers, as_root, socket.socket(fileno=line), door)
            os._exit(OURS)
        for each in descriptors:
            os.close(each)
