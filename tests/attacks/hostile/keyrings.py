# Tries the kernel's key rings, message queues and shared segments, which have no files.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def attack():
    if libc.syscall(248, b"user", b"attack", b"x", 1, -3) > 0: print("LOOT add_key")
    if libc.shmget(0, 4096, 0o1600) >= 0: print("LOOT shmget")
    if libc.msgget(0, 0o1600) >= 0: print("LOOT msgget")
