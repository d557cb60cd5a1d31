# Tries to read a file of the teacher's whose place it knows, in many ways.
import ctypes, os, subprocess
path = "@SECRET@"
for way in (path, "/proc/1/root" + path, "/proc/self/root" + path, "/proc/self/cwd/../../../../.." + path):
    try:
        print("LOOT", open(way).read())
    except OSError:
        pass
try: print(subprocess.getoutput("cat " + path))
except OSError: pass
