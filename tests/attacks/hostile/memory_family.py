# Takes memory in many processes, each below the limit of one.
import os, signal
def attack():
    for _ in range(30):
        if os.fork() == 0:
            held = bytearray(b"x") * 60_000_000
            while True: signal.pause()
    while True: signal.pause()
