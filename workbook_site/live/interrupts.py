"""An interrupt ends a cell that waits.

ipykernel's SIGINT handler leaves a callback for the notebook's loop. It runs inside that loop's
thread, so nothing wakes the loop, and a cell that waits there waits on until something else
happens. A wakeup descriptor, to which Python writes at every signal, rouses the loop.
"""

import asyncio
import signal
import socket
import threading

_roused: set[asyncio.AbstractEventLoop] = set()


def heard_by(loop: asyncio.AbstractEventLoop) -> None:
    """Let every signal wake this loop, the main thread's. Does nothing a second time."""
    if loop in _roused or threading.current_thread() is not threading.main_thread():
        return
    ear, mouth = socket.socketpair()
    ear.setblocking(False)
    mouth.setblocking(False)
    before = signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
    if before != -1:  # somebody has seen to it
        signal.set_wakeup_fd(before)
        ear.close()
        mouth.close()
        return
    # The loop's reader holds `ear`; `mouth` lives as long as the kernel, in the closure.
    loop.add_reader(ear, lambda: (ear.recv(4096), mouth)[0])
    _roused.add(loop)
