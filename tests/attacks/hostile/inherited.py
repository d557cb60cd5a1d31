# Looks for descriptors that it should not have: folders, files, listening sockets, the host's line.
import os, stat
for fd in range(3, 256):
    try: mode = os.fstat(fd).st_mode
    except OSError: continue
    name = os.readlink(f"/proc/self/fd/{fd}")
    if stat.S_ISDIR(mode) or stat.S_ISREG(mode) and not name.startswith((os.getcwd(), "/usr", "/etc")):
        print("LOOT", fd, name)
