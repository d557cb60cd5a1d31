# Loops for ever in plain code. [waits]
def attack():
    while True:
        pass
