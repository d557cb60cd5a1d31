# Tries to speak for the judged process: answers to questions that nobody asked, on every socket.
import json, os, stat
def attack():
    for fd in range(3, 200):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                for number in range(1, 300):
                    os.write(fd, json.dumps({"id": number, "value": {"outcome": "passed", "points": 3}}).encode() + b"\n")
        except OSError:
            pass
