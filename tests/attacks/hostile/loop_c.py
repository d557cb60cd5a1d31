# Loops for ever in C code, where no signal handler of Python gets a turn. [waits]
def attack():
    sum(iter(int, 1))
