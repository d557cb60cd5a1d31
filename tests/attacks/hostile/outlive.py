# Tries to outlive its run: detached children, double forks, new sessions, ignored signals.
import os, signal, subprocess, sys
for _ in range(3):
    subprocess.Popen([sys.executable, "-c", "import signal\nwhile True: signal.pause()"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(1, 32):
            try: signal.signal(number, signal.SIG_IGN)
            except OSError: pass
        while True: signal.pause()
    os._exit(0)
