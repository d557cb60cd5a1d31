# Tries to take over other processes as a debugger does, and to read and write their memory.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def attack():
    for pid in [1, os.getppid(), *range(2, 50)]:
        if pid != os.getpid() and libc.ptrace(16, pid, 0, 0) == 0:
            print("LOOT ptrace", pid)
    if libc.process_vm_readv(1, None, 0, None, 0, 0) == 0:
        print("LOOT readv")
