# Stops itself, so that nobody gets an answer any more. [waits] [all]
import os, signal
def attack():
    os.kill(os.getpid(), signal.SIGSTOP)
