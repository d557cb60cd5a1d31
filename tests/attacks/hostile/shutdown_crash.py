# Crashes, prints and hangs while it shuts down.
import atexit, sys, threading
def late():
    print("x" * 1000)
    while True: pass
atexit.register(late)
threading._register_atexit(late)
class Last:
    def __del__(self): late()
sys.last_words = Last()
def attack():
    sys.exit(0)
