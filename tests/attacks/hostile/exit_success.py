# Ends its process with exit code 0, as if all had gone well.
import os
def attack():
    os._exit(0)
