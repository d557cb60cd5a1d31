# Starts threads without end. [all]
import threading
def attack():
    held = []
    while True:
        held.append(threading.Thread(target=threading.Event().wait, daemon=True))
        held[-1].start()
